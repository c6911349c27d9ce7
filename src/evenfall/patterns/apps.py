from django.apps import AppConfig


class PatternsConfig(AppConfig):
    name = "evenfall.patterns"
    label = "patterns"
