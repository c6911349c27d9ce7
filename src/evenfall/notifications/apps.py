from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "evenfall.notifications"
    label = "notifications"
