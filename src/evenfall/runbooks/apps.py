from django.apps import AppConfig


class RunbooksConfig(AppConfig):
    name = "evenfall.runbooks"
    label = "runbooks"
