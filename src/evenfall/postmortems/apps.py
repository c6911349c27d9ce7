from django.apps import AppConfig


class PostmortemsConfig(AppConfig):
    name = "evenfall.postmortems"
    label = "postmortems"
