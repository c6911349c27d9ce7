from django.urls import path

from evenfall.integrations.opsgenie import heartbeats, views

app_name = "opsgenie"
urlpatterns = [
    path("v2/alerts", views.alerts, name="alerts"),
    path("v2/alerts/requests/<uuid:request_id>", views.request_status, name="request-status"),
    path("v2/alerts/<path:rest>", views.alert, name="alert"),
    path("v2/heartbeats", heartbeats.create, name="heartbeats"),
    path("v2/heartbeats/<str:name>", heartbeats.heartbeat, name="heartbeat"),
    path("v2/heartbeats/<str:name>/<str:deed>", heartbeats.done_to_one, name="heartbeat-deed"),
]
