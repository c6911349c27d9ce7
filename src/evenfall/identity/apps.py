from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "evenfall.identity"
    label = "identity"
