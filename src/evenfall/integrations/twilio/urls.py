"""Where Twilio reports. The address names the account whose token signs."""

from django.urls import URLPattern

app_name = "twilio"
urlpatterns: list[URLPattern] = []
