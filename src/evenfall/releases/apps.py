from django.apps import AppConfig


class ReleasesConfig(AppConfig):
    name = "evenfall.releases"
    label = "releases"
