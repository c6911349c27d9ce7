"""The addresses that a Mattermost server calls."""

from django.urls import path

from evenfall.integrations.mattermost import views

_ACCOUNT = "callbacks/mattermost/<int:provider_id>/"
urlpatterns = [
    path(f"{_ACCOUNT}action/", views.action, name="mattermost_action"),
    path(f"{_ACCOUNT}command/", views.command, name="mattermost_command"),
]
