from django.apps import AppConfig


class RolloutsConfig(AppConfig):
    name = "evenfall.rollouts"
    label = "rollouts"
