"""Facts: typed events, published in the transaction that made them true.

``publish`` appends to the journal and leaves one pending reaction for each reactor that subscribed
to the kind of event, in one statement and in the caller's transaction: a free outbox. The reactors
run later (``reactions``), at least once and, for what they write to the database, exactly once.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from secrets import token_hex
from typing import Any, ClassVar, override

import msgspec
from django.db import connection
from msgspec import Struct, field

from evenfall.platform import once
from evenfall.platform.recordset import json_rows

SYSTEM = "system"
WAKE_CHANNEL = "evenfall_wake"
LIVE_CHANNEL = "evenfall_live"
# A NOTIFY payload may have 7,999 bytes; past this many we say "anything may have changed".
_LIVE_PAYLOAD_LIMIT = 7000
# an escaped NUL, but not an escaped backslash before "u0000"
_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
_NOT_DATA = frozenset({"at", "actor"})


class Event(Struct, frozen=True, kw_only=True):
    """Root of all facts. Subclasses are frozen, keyword-only and named in the past tense."""

    kind: ClassVar[str]
    at: datetime
    actor: str = SYSTEM

    def subjects(self) -> tuple[str, ...]:
        """Return what this is about as ``"noun:id"``, the main one first."""
        raise NotImplementedError

    @override
    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        kind = cls.__dict__.get("kind")
        if kind is not None:
            known = _classes.setdefault(kind, cls)
            if known is not cls:
                raise TypeError(f"two events share the kind {kind!r}: {known} and {cls}")


_classes: dict[str, type[Event]] = {}
_field_names: dict[str, tuple[str, ...]] = {}


class Recorded[E: Event](Struct, frozen=True, kw_only=True):
    """An event as it stands in the journal; ``id`` is the key for idempotence."""

    id: int
    event: E


Handler = Callable[..., None]


class Subscription(Struct, frozen=True, kw_only=True):
    """One line of the choreography: events of these classes go to this handler.

    Events of one ``reactor`` are handled one batch at a time and in the order of the journal,
    so that "resolved" is never handled before "opened". Handlers take
    ``(events: Sequence[Recorded[E]], *, now)`` and run inside a transaction. A reactor rests for
    ``rest_s`` seconds after each batch, so that what nobody waits for is handled in groups.
    """

    reactor: str
    events: tuple[type[Event], ...]
    handler: Handler
    lane: str = "intake"
    rest_s: float = 0.0

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(event.kind for event in self.events)


_subscriptions: list[Subscription] = []
_reactors: defaultdict[str, list[str]] = defaultdict(list)  # by kind


def subscribe(subscriptions: Iterable[Subscription]) -> None:
    """Replace the wiring. Called once by the composition root."""
    _subscriptions[:] = subscriptions
    _reactors.clear()
    for subscription in _subscriptions:
        for kind in subscription.kinds:
            _reactors[kind].append(subscription.reactor)


def subscriptions() -> Sequence[Subscription]:
    return tuple(_subscriptions)


def event_class(kind: str) -> type[Event] | None:
    return _classes.get(kind)


def known_kinds() -> dict[str, type[Event]]:
    return dict(_classes)


def encode(events: Sequence[Event]) -> str:
    """Return the events as the rows of the journal, in one JSON text."""
    text = json_rows([_row(event) for event in events])
    # PostgreSQL's text has no NUL; an alert that carries one must not be lost for it
    return _NUL.sub(r"\1", text) if "\\u0000" in text else text


def _row(event: Event) -> dict[str, Any]:
    return {
        "at": event.at,
        "kind": event.kind,
        "subjects": event.subjects(),
        "actor": event.actor,
        "data": {name: getattr(event, name) for name in _data_fields(type(event))},
    }


def decode(kind: str, *, at: datetime, actor: str, data: dict[str, Any]) -> Event:
    """Build the event again. Fields it no longer has are dropped: old rows outlive the code."""
    cls = _classes[kind]
    known = {name: data[name] for name in _data_fields(cls) if name in data}
    return msgspec.convert({**known, "at": at, "actor": actor}, cls)


def _data_fields(cls: type[Event]) -> tuple[str, ...]:
    """Return the field names, remembered by kind: a storm encodes thousands of events."""
    names = _field_names.get(cls.kind)
    if names is None:
        names = tuple(name for name in cls.__struct_fields__ if name not in _NOT_DATA)
        _field_names[cls.kind] = names
    return names


def decode_text(kind: str, *, at: datetime, actor: str, data: str | dict[str, Any]) -> Event:
    """Like ``decode``, for a jsonb column as the driver hands it out (text, or already parsed)."""
    fields = msgspec.json.decode(data) if isinstance(data, str) else data
    return decode(kind, at=at, actor=actor, data=fields)


_WAKE = "SELECT pg_notify(%s, name) FROM unnest(%s::text[]) AS name"
_PUBLISH = """
WITH journal AS (
    INSERT INTO platform_journal (at, kind, subjects, actor, data)
    SELECT at, kind, subjects, actor, data
      FROM jsonb_to_recordset(%s::jsonb)
           AS fresh (at timestamptz, kind text, subjects text[], actor text, data jsonb)
    RETURNING id, at, kind
), pending AS (
    INSERT INTO platform_pending_reaction
           (reactor, event_id, event_at, due_at, attempts, last_error)
    SELECT wiring.reactor, journal.id, journal.at, journal.at, 0, ''
      FROM journal
      JOIN jsonb_to_recordset(%s::jsonb) AS wiring (kind text, reactor text) USING (kind)
)
SELECT pg_notify(channel, payload)
  FROM jsonb_to_recordset(%s::jsonb) AS note (channel text, payload text)
"""


def publish(*events: Event) -> None:
    """Append the facts to the journal and wake whoever subscribed; one round trip.

    Must run inside the transaction that made the facts true: both are kept or both are lost.
    """
    if not events:
        return
    if not connection.in_atomic_block:
        raise RuntimeError("publish() needs the transaction that made the event true")
    once.forget()
    kept = _together.get()
    if kept is None:
        _write(events, ())
    else:
        kept.events += events


def wake(*names: str) -> None:
    """Wake the drains that listen to these names, on commit."""
    kept = _together.get()
    if kept is None:
        with connection.cursor() as cursor:
            cursor.execute(_WAKE, [WAKE_CHANNEL, list(names)])
    else:
        kept.woken += names


class _Kept(Struct):
    events: list[Event] = field(default_factory=list)
    woken: list[str] = field(default_factory=list)


_together: ContextVar[_Kept | None] = ContextVar("published_together", default=None)


@contextmanager
def published_together() -> Iterator[None]:
    """Write what is published and woken inside in one statement, in that order, at the end.

    For a use case that goes through several domains in one transaction. Nothing inside may read
    the journal of its own doings, or go on after a rollback: the facts would outlive it. What
    leaves by an exception publishes nothing.
    """
    if _together.get() is not None:
        yield
        return
    kept = _Kept()
    token = _together.set(kept)
    try:
        yield
    finally:
        _together.reset(token)
    if kept.events:
        _write(kept.events, kept.woken)
    elif kept.woken:
        wake(*kept.woken)


def _write(events: Sequence[Event], woken: Iterable[str]) -> None:
    kinds = {event.kind for event in events}
    wiring = [{"kind": kind, "reactor": name} for kind in kinds for name in _reactors.get(kind, ())]
    names = {f"react.{wire['reactor']}" for wire in wiring}.union(woken)
    notes = [{"channel": WAKE_CHANNEL, "payload": name} for name in names]
    notes.append({"channel": LIVE_CHANNEL, "payload": _live_payload(events)})
    with connection.cursor() as cursor:
        cursor.execute(_PUBLISH, [encode(events), json_rows(wiring), json_rows(notes)])


def _live_payload(events: Sequence[Event]) -> str:
    topics = " ".join(dict.fromkeys(s for event in events for s in event.subjects()))
    return f"{new_mark()} {topics if len(topics) < _LIVE_PAYLOAD_LIMIT else '*'}"


def new_mark() -> str:
    """What one notification is known by, among the thousands that are remembered."""
    return token_hex(6)
