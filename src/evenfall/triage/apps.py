from django.apps import AppConfig


class TriageConfig(AppConfig):
    name = "evenfall.triage"
    label = "triage"
