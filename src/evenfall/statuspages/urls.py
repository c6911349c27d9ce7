"""The addresses of status pages."""

from django.urls import path

from evenfall.statuspages.views import public

app_name = "statuspages"
_PUBLIC = "status/<slug:slug>/"

urlpatterns = [
    path(_PUBLIC, public.page, name="public"),
    path(f"{_PUBLIC}feed.atom", public.atom, name="atom"),
    path(f"{_PUBLIC}maintenance.ics", public.calendar, name="calendar"),
    path(f"{_PUBLIC}status.json", public.data, name="data"),
]
