from django.apps import AppConfig


class OncallConfig(AppConfig):
    name = "evenfall.oncall"
    label = "oncall"
