"""The words of a timeline: what kind of entry it is, how one is named, where a page ends."""

import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final, override

from msgspec import Struct


class Kind(StrEnum):
    """What an entry is about; the words of the filter."""

    ALERTS = "alerts"
    PAGES = "pages"
    PEOPLE = "people"
    STATE = "state"
    CHANGES = "changes"
    UPDATES = "updates"
    NOTES = "notes"


class Source(StrEnum):
    """Where an entry comes from: the journal, the notes, the ledger of changes."""

    FACT = "fact"
    NOTE = "note"
    CHANGE = "change"


# The longest prefix that fits decides, so that a new kind of fact finds its place by its name.
_PLACES: Final = {
    "": Kind.STATE,
    "alerting.": Kind.ALERTS,
    "incidents.alerts_": Kind.ALERTS,
    "paging.": Kind.PAGES,
    "notifications.": Kind.PAGES,
    "incidents.more_paged": Kind.PEOPLE,
    "incidents.role": Kind.PEOPLE,
    "incidents.relief": Kind.PEOPLE,
    "incidents.hand": Kind.PEOPLE,
    "incidents.task": Kind.PEOPLE,
    "incidents.update": Kind.UPDATES,
    "incidents.promise": Kind.UPDATES,
    "incidents.long": Kind.UPDATES,
    "statuspages.": Kind.UPDATES,
    "chat.": Kind.PEOPLE,
    "incidents.note": Kind.NOTES,
    "incidents.suspect": Kind.CHANGES,
    "changes.": Kind.CHANGES,
    "runbooks.": Kind.CHANGES,
}
_KEY: Final = re.compile(r"(fact|note|change)-([1-9][0-9]{0,17})")


def kind_of(fact: str) -> Kind:
    """Return what a fact of the journal ("paging.page_started") is about."""
    return _PLACES[max((place for place in _PLACES if fact.startswith(place)), key=len)]


class Key(Struct, frozen=True):
    """The name of one entry for as long as the incident exists: "fact-12", "note-5"."""

    source: Source
    id: int

    @override
    def __str__(self) -> str:
        return f"{self.source.value}-{self.id}"


def key_of(text: str) -> Key | None:
    """Read the name of an entry; None for anything else."""
    found = _KEY.fullmatch(text)
    return Key(Source(found[1]), int(found[2])) if found else None


# A moment of the journal: microseconds since 1970 and the id of a fact.
_CURSOR: Final = re.compile(r"([0-9]{1,17})-([0-9]{1,18})")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TICK: Final = timedelta(microseconds=1)

type Place = tuple[datetime, int]


def cursor(place: Place) -> str:
    """Write down where a page ends."""
    at, fact_id = place
    return f"{(at - _EPOCH) // _TICK}-{fact_id}"


def place(text: str) -> Place | None:
    """Read where a page ended; None for what `cursor` never wrote."""
    found = _CURSOR.fullmatch(text)
    return (_EPOCH + int(found[1]) * _TICK, int(found[2])) if found else None


class Shown(Struct, frozen=True, kw_only=True):
    """Which entries somebody wants to see; `kind` None is every kind."""

    kind: Kind | None = None
    pinned: bool = False

    @property
    def word(self) -> str:
        """The filter as the address says it."""
        return "pinned" if self.pinned else self.kind.value if self.kind else "all"


def shown_of(word: str | None) -> Shown:
    """Read a filter; what makes no sense filters nothing."""
    kinds = {kind.value: kind for kind in Kind}
    return Shown(kind=kinds.get(word or ""), pinned=word == "pinned")
