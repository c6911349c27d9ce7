"""The addresses of chat."""

from django.urls import path

from evenfall.chat import views

app_name = "chat"
_ROOMS = "chat/rooms/"
_ROOM = f"{_ROOMS}<int:room_id>/"
_INCIDENT = "incidents/<int:incident_id>/chat/"
urlpatterns = [
    path(_ROOMS, views.rooms, name="rooms"),
    path(f"{_ROOMS}add/<int:provider_id>/", views.add, name="add_room"),
    path(_ROOM, views.room, name="room"),
    path(f"{_ROOM}switch/", views.switch, name="switch_room"),
    path(f"{_ROOM}test/", views.test, name="test_room"),
    path(f"{_ROOM}remove/", views.remove, name="remove_room"),
    path(_INCIDENT, views.incident_part, name="incident_part"),
    path(f"{_INCIDENT}room/", views.open_room, name="open_room"),
]
