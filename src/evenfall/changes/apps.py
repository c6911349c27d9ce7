from django.apps import AppConfig


class ChangesConfig(AppConfig):
    name = "evenfall.changes"
    label = "changes"
