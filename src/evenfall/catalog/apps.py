from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "evenfall.catalog"
    label = "catalog"
