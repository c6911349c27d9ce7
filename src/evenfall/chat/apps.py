from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "evenfall.chat"
    label = "chat"
