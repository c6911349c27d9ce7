from django.apps import AppConfig


class ForesightConfig(AppConfig):
    name = "evenfall.foresight"
    label = "foresight"
