from django.apps import AppConfig


class ManifestsConfig(AppConfig):
    name = "evenfall.manifests"
    label = "manifests"
