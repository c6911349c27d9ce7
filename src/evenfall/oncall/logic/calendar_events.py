"""Events of a calendar that somebody else wrote, and which of them say that a person is away."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct

DEFAULT_WORDS = ("vacation", "holiday", "out of office", "OOO", "PTO", "leave")


class CalendarUnreadable(ValueError):
    """The message says what is wrong with the calendar, for its owner."""


class CalendarEvent(Struct, frozen=True, kw_only=True):
    """One event, in one of its repetitions. `key` tells it from all others of its calendar.

    `people` are the addresses of those who organise or attend, in lower case.
    """

    key: str
    title: str
    categories: tuple[str, ...]
    people: frozenset[str]
    starts_at: datetime
    ends_at: datetime


def counts(event: CalendarEvent, *, every_event: bool, words: Sequence[str]) -> bool:
    """Whether the event says that somebody is away: every one, or one that names a word."""
    texts = [text.casefold() for text in (event.title, *event.categories)]
    return every_event or any(word.casefold() in text for word in words for text in texts)


def whose(event: CalendarEvent, members: Mapping[int, tuple[str, str]]) -> set[int]:
    """Of whom an event of a team's calendar tells: who attends it or is named in its title.

    `members` are (name, address) by id.
    """
    title = event.title.casefold()
    return {
        user_id
        for user_id, (name, address) in members.items()
        if address.casefold() in event.people or (name and name.casefold() in title)
    }
