from django.urls import path

from evenfall.integrations.alertmanager import views

app_name = "alertmanager"
urlpatterns = [
    path("<str:key>/-/healthy", views.healthy, name="healthy"),
    path("<str:key>/-/ready", views.healthy, name="ready"),
    path("<str:key>/api/v2/status", views.status, name="status"),
    path("<str:key>/api/v2/receivers", views.receivers, name="receivers"),
    path("<str:key>/api/v2/alerts", views.alerts, name="alerts"),
    path("<str:key>/api/v2/alerts/groups", views.alert_groups, name="alert-groups"),
    path("<str:key>/api/v2/silences", views.silences, name="silences"),
    path("<str:key>/api/v2/silence/<uuid:public_id>", views.silence, name="silence"),
]
