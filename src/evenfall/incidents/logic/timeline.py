"""The words of a timeline: what kind of entry it is, how one is named."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What an entry is about; the words of the filter."""

    ALERTS = "alerts"
    PAGES = "pages"
    PEOPLE = "people"
    STATE = "state"
    CHANGES = "changes"
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
    "chat.": Kind.PEOPLE,
    "incidents.note": Kind.NOTES,
    "changes.": Kind.CHANGES,
    "runbooks.": Kind.CHANGES,
}
_KEY: Final = re.compile(r"(fact|note|change)-([1-9][0-9]{0,17})")


def kind_of(fact: str) -> Kind:
    """Return what a fact of the journal ("paging.page_started") is about."""
    return _PLACES[max((place for place in _PLACES if fact.startswith(place)), key=len)]


@dataclass(frozen=True, slots=True)
class Key:
    """The name of one entry for as long as the incident exists: "fact-12", "note-5"."""

    source: Source
    id: int

    def __str__(self) -> str:
        return f"{self.source.value}-{self.id}"


def key_of(text: str) -> Key | None:
    """Read the name of an entry; None for anything else."""
    found = _KEY.fullmatch(text)
    return Key(Source(found[1]), int(found[2])) if found else None
