from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "evenfall.web"
    label = "web"
