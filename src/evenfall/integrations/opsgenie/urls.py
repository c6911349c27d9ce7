from django.urls import path

from evenfall.integrations.opsgenie import views

app_name = "opsgenie"
urlpatterns = [
    path("v2/alerts", views.alerts, name="alerts"),
    path("v2/alerts/requests/<uuid:request_id>", views.request_status, name="request-status"),
    path("v2/alerts/<path:rest>", views.alert, name="alert"),
]
