"""The addresses of measurements."""

from django.urls import path

from evenfall.insights.views import delivery

app_name = "insights"
urlpatterns = [
    path("insights/delivery/", delivery.whole, name="delivery"),
    path("insights/delivery.csv", delivery.export, name="delivery_csv"),
    path("insights/delivery/teams/<slug:slug>/", delivery.of_team, name="delivery_of_team"),
    path(
        "insights/delivery/services/<slug:slug>/", delivery.of_service, name="delivery_of_service"
    ),
]
