"""The addresses of metric sources."""

from django.urls import path

from evenfall.telemetry import views

app_name = "telemetry"
urlpatterns = [
    path("sources/", views.source_list, name="sources"),
    path("sources/new/", views.new_source, name="new_source"),
    path("sources/<int:source_id>/", views.one_source, name="source"),
    path("sources/<int:source_id>/edit/", views.edit_source, name="edit_source"),
    path("sources/<int:source_id>/test/", views.test_source, name="test_source"),
    path("sources/<int:source_id>/remove/", views.remove_source, name="remove_source"),
]
