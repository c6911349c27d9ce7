"""The addresses of objectives."""

from django.urls import path

from evenfall.slo.views import signed

app_name = "slo"
urlpatterns = [
    path("objectives/pictures/<str:token>.svg", signed.budget_picture, name="picture"),
]
