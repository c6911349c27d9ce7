from django.urls import path

from evenfall.manifests import views

app_name = "manifests"
urlpatterns = [
    path("configuration/", views.configuration, name="configuration"),
    path("configuration/plan/", views.plan, name="plan"),
    path("configuration/evenfall.yaml", views.download, name="download"),
]
