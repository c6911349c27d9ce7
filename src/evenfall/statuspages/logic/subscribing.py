"""What subscribers can ask for, when a message is tried again, and when an address is given up."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct


class Kind(StrEnum):
    """How a subscriber is told."""

    MAIL = "mail"
    WEBHOOK = "webhook"
    PUSH = "push"

    @property
    def label(self) -> str:
        return _KINDS[self][0]

    @property
    def channel(self) -> str:
        """The channel of notifications that carries it."""
        return _KINDS[self][1]


_KINDS: Final = {
    Kind.MAIL: ("E-mail", "email"),
    Kind.WEBHOOK: ("Web hook", "webhook"),
    Kind.PUSH: ("Browser", "webpush"),
}


class State(StrEnum):
    """Pending until the owner of the address says yes; off once it no longer takes messages."""

    PENDING = "pending"
    ACTIVE = "active"
    OFF = "off"


class Topic(StrEnum):
    """What a message is about."""

    INCIDENTS = "incidents"
    WORKS = "maintenance"


class Errand(StrEnum):
    """Why we write: what a page says, to have an address confirmed, or that it is subscribed."""

    TELL = "tell"
    CONFIRM = "confirm"
    KNOWN = "known"


class Choice(Struct, frozen=True, kw_only=True):
    """What a subscriber wants to hear of. No `component_ids`: all of them.

    `post_id`: of this post only, whatever components it touches.
    """

    component_ids: tuple[int, ...] = ()
    incidents: bool = True
    works: bool = True
    post_id: int | None = None


def concerns(
    choice: Choice,
    *,
    topic: Topic,
    component_ids: Collection[int],
    post_id: int | None,
    ends_story: bool,
    heard_of_it: bool,
) -> bool:
    """Whether a subscriber hears of a bulletin; the same rule as the SQL that spreads it.

    A bulletin that touches no component concerns everybody. The end of a story reaches whoever
    heard of it, although a later update may have taken their components out.
    """
    if not (choice.incidents if topic is Topic.INCIDENTS else choice.works):
        return False
    if choice.post_id is not None:
        return choice.post_id == post_id
    if not choice.component_ids or not component_ids:
        return True
    return bool(set(choice.component_ids) & set(component_ids)) or (ends_story and heard_of_it)


MOST_ATTEMPTS: Final = 10
_WAITS: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60, 120, 240))
DEAD_AFTER: Final = timedelta(hours=24)
DEAD_FAILURES: Final = 5


def next_try(attempts: int, *, now: datetime, at_least: timedelta | None = None) -> datetime | None:
    """When to try again after so many tries; None: give up."""
    if attempts >= MOST_ATTEMPTS:
        return None
    wait = _WAITS[min(attempts, len(_WAITS)) - 1]
    return now + max(wait, at_least or timedelta())


def is_dead(*, failures: int, failing_since: datetime | None, now: datetime) -> bool:
    """Whether a web hook failed so often and for so long that nobody is behind it any more."""
    if failing_since is None or failures < DEAD_FAILURES:
        return False
    return now - failing_since >= DEAD_AFTER
