from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "evenfall.incidents"
    label = "incidents"
