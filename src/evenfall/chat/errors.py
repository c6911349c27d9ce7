"""What can go wrong with rooms and answers. A class's docstring is the message people read."""

from evenfall.platform.errors import Conflict, Invalid, NotFound


class RoomNotFound(NotFound):
    """There is no room {room_id}. It may be removed; see the list of rooms."""

    code = "chat.room_not_found"


class RoomNotUsable(Invalid):
    """This room cannot be used: {reason}"""

    code = "chat.room_not_usable"


class RoomTaken(Conflict):
    """This room is already in the list. Change the one that is there."""

    code = "chat.room_taken"


class CannotOpenRooms(Conflict):
    """No chat tool that can open channels is set up and on. An administrator can add one."""

    code = "chat.cannot_open_rooms"


class RoomAlreadyOpened(Conflict):
    """Incident {incident_id} already has a channel of its own, or one is being opened."""

    code = "chat.room_already_opened"


class PrivateIncident(Conflict):
    """Incident {incident_id} is private: no chat tool shows it. Call people on its page instead."""

    code = "chat.private_incident"
