from django.apps import AppConfig


class AlertingConfig(AppConfig):
    name = "evenfall.alerting"
    label = "alerting"
