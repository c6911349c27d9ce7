"""Where Pushover tells that somebody acknowledged."""

from django.urls import path

from evenfall.integrations.pushover import views

urlpatterns = [
    path("callbacks/pushover/<int:provider_id>/<str:token>/", views.acknowledged),
]
