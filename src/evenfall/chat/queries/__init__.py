"""Named reads of chat. Import this module, not its parts."""

from evenfall.chat.queries.people import viewer_by
from evenfall.chat.queries.rooms import (
    OpeningView,
    Place,
    RoomView,
    can_open_rooms,
    chat_accounts,
    next_post_due,
    opening_of,
    places_of,
    room,
    rooms,
)

__all__ = [
    "OpeningView",
    "Place",
    "RoomView",
    "can_open_rooms",
    "chat_accounts",
    "next_post_due",
    "opening_of",
    "places_of",
    "room",
    "rooms",
    "viewer_by",
]
