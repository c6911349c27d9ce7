from django.apps import AppConfig


class InsightsConfig(AppConfig):
    name = "evenfall.insights"
    label = "insights"
