from django.apps import AppConfig


class MonitorsConfig(AppConfig):
    name = "evenfall.monitors"
    label = "monitors"
