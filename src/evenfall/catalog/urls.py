"""The addresses of the catalog."""

from django.urls import path

from evenfall.catalog import views

app_name = "catalog"
urlpatterns = [
    path("services/", views.service_list, name="services"),
    path("services/new/", views.new_service, name="new_service"),
    path("services/<slug:slug>/", views.service, name="service"),
    path("services/<slug:slug>/edit/", views.edit_service, name="edit_service"),
    path("services/<slug:slug>/archive/", views.archive, name="archive_service"),
    path("services/<slug:slug>/restore/", views.restore, name="restore_service"),
    path("services/<slug:slug>/needs/", views.set_dependency, name="set_dependency"),
    path(
        "services/<slug:slug>/needs/<int:depends_on_id>/remove/",
        views.remove_dependency,
        name="remove_dependency",
    ),
]
