"""The address that Telegram calls."""

from django.urls import path

from evenfall.integrations.telegram import views

urlpatterns = [
    path("callbacks/telegram/<int:provider_id>/updates/", views.updates, name="telegram_updates")
]
