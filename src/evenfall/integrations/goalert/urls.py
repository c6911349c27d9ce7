from django.urls import path

from evenfall.integrations.goalert import views

app_name = "goalert"
urlpatterns = [
    path("api/v2/heartbeat/<str:key>", views.heartbeat, name="heartbeat"),
]
