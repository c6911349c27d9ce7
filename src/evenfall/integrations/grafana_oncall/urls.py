from django.urls import path

from evenfall.integrations.grafana_oncall import views

app_name = "grafana_oncall"
urlpatterns = [
    # with and without the slash: a redirect would turn a POST into a GET
    path("integrations/v1/<str:kind>/<str:key>/heartbeat/", views.heartbeat, name="heartbeat"),
    path("integrations/v1/<str:kind>/<str:key>/heartbeat", views.heartbeat),
]
