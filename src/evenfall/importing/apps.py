from django.apps import AppConfig


class ImportingConfig(AppConfig):
    name = "evenfall.importing"
    label = "importing"
