"""What can be done with rooms and from within them. Import this module, not its parts."""

from evenfall.chat.actions.answering import answer_from_chat
from evenfall.chat.actions.commands import run_command
from evenfall.chat.actions.delivering import (
    Delivered,
    Errand,
    claim_posts,
    record_delivery,
)
from evenfall.chat.actions.hearing import Hearing, answer_as, answer_next, forget_said, hear
from evenfall.chat.actions.opening import (
    Opened,
    OpeningErrand,
    ask_for_room,
    claim_openings,
    record_opening,
)
from evenfall.chat.actions.posting import follow_incidents
from evenfall.chat.actions.rooms import (
    RoomWish,
    add_room,
    change_room,
    remove_room,
    switch_room,
    test_room,
)

__all__ = [
    "Delivered",
    "Errand",
    "Hearing",
    "Opened",
    "OpeningErrand",
    "RoomWish",
    "add_room",
    "answer_as",
    "answer_from_chat",
    "answer_next",
    "ask_for_room",
    "change_room",
    "claim_openings",
    "claim_posts",
    "follow_incidents",
    "forget_said",
    "hear",
    "record_delivery",
    "record_opening",
    "remove_room",
    "run_command",
    "switch_room",
    "test_room",
]
