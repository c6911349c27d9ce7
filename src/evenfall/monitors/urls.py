"""The addresses of monitors."""

from django.urls import path

from evenfall.monitors.views import changing, drifting, pings, reading

app_name = "monitors"
urlpatterns = [
    path("monitors/", reading.monitor_list, name="monitors"),
    path("monitors/new/", changing.kinds, name="kinds"),
    path("monitors/new/<slug:kind>/", changing.new_monitor, name="new_monitor"),
    path("monitors/<int:monitor_id>/", reading.monitor, name="monitor"),
    path("monitors/<int:monitor_id>/edit/", changing.edit_monitor, name="edit_monitor"),
    path("monitors/<int:monitor_id>/look/", changing.look_now, name="look_now"),
    path("monitors/<int:monitor_id>/switch/", changing.switch, name="switch"),
    path("monitors/<int:monitor_id>/key/", changing.rotate_key, name="rotate_key"),
    path("monitors/<int:monitor_id>/remove/", changing.remove_monitor, name="remove_monitor"),
    path("monitors/<int:monitor_id>/state/", drifting.give_state, name="give_state"),
    path("monitors/<int:monitor_id>/accept/", drifting.accept, name="accept"),
    # what scripts call: short, and without a slash at the end
    path("ping/<str:key>", pings.ping, name="ping"),
    path("ping/<str:key>/<str:what>", pings.ping, name="ping_what"),
]
