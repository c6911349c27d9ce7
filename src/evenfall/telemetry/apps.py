from django.apps import AppConfig


class TelemetryConfig(AppConfig):
    name = "evenfall.telemetry"
    label = "telemetry"
