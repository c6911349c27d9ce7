"""Where Vonage reports. The address names the account whose secret signs."""

from django.urls import URLPattern, path

from evenfall.integrations.vonage import views, voice_views

app_name = "vonage"
_ACCOUNT = "callbacks/vonage/<int:provider_id>/"
urlpatterns: list[URLPattern] = [
    path(f"{_ACCOUNT}sms/status/", views.sms_status, name="sms_status"),
    path(f"{_ACCOUNT}sms/received/", views.sms_received, name="sms_received"),
    path(f"{_ACCOUNT}voice/<str:call>/event/", voice_views.event, name="voice_event"),
    path(f"{_ACCOUNT}voice/<str:call>/key/", voice_views.key_pressed, name="voice_key"),
]
