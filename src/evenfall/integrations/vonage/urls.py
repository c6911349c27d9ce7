"""Where Vonage reports. The address names the account whose secret signs."""

from django.urls import URLPattern

app_name = "vonage"
urlpatterns: list[URLPattern] = []
