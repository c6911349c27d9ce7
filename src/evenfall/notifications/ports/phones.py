"""Telephone numbers, for the slices that send to them."""

from evenfall.notifications.logic.phone_numbers import (
    Line,
    Number,
    NumberUnreadableError,
    is_number,
    read_number,
    read_senders,
    sender_for,
    shown,
)

__all__ = [
    "Line",
    "Number",
    "NumberUnreadableError",
    "is_number",
    "read_number",
    "read_senders",
    "sender_for",
    "shown",
]
