from django.apps import AppConfig


class SloConfig(AppConfig):
    name = "evenfall.slo"
    label = "slo"
