"""The addresses of the ledger."""

from django.urls import path

from evenfall.changes import views

app_name = "changes"
urlpatterns = [
    path("services/<slug:slug>/changes/", views.of_service, name="of_service"),
    path("services/<slug:slug>/changes/recent/", views.recent, name="recent"),
]
