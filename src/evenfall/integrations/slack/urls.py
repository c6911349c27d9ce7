"""The addresses that Slack calls."""

from django.urls import path

from evenfall.integrations.slack import views

app_name = "slack"
_ONE = "callbacks/slack/<int:provider_id>/"
urlpatterns = [
    path(f"{_ONE}interactions", views.interactions, name="interactions"),
    path(f"{_ONE}commands", views.commands, name="commands"),
]
