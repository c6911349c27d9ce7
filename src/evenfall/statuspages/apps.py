from django.apps import AppConfig


class StatusPagesConfig(AppConfig):
    name = "evenfall.statuspages"
    label = "statuspages"
