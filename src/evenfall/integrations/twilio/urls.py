"""Where Twilio reports. The address names the account whose token signs."""

from django.urls import URLPattern, path

from evenfall.integrations.twilio import views, voice_views

app_name = "twilio"
_ACCOUNT = "callbacks/twilio/<int:provider_id>/"
urlpatterns: list[URLPattern] = [
    path(f"{_ACCOUNT}sms/status/", views.sms_status, name="sms_status"),
    path(f"{_ACCOUNT}sms/received/", views.sms_received, name="sms_received"),
    path(f"{_ACCOUNT}voice/answered/", voice_views.answered, name="voice_answered"),
    path(f"{_ACCOUNT}voice/key/", voice_views.key_pressed, name="voice_key"),
    path(f"{_ACCOUNT}voice/status/", voice_views.status, name="voice_status"),
]
