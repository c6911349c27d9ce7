"""What an outside system provides to be moved from, and the words it does that in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from evenfall.importing.logic import turns
from evenfall.importing.logic.drafts import (
    Draft,
    Held,
    OverrideDraft,
    PersonDraft,
    PolicyDraft,
    RotaDraft,
    Severity,
)
from evenfall.importing.logic.export import Export, Item, Unreadable
from evenfall.importing.logic.notes import Notes, short_name
from evenfall.importing.logic.seats import seats

__all__ = [
    "Draft",
    "Export",
    "Held",
    "Item",
    "Notes",
    "OverrideDraft",
    "PersonDraft",
    "PolicyDraft",
    "RotaDraft",
    "Severity",
    "Translator",
    "Unreadable",
    "register_translator",
    "seats",
    "short_name",
    "translator",
    "translators",
    "turns",
]


class Translator(Protocol):
    """Makes a draft of an export. `kind` is stored, `label` is what people call the tool.

    `collections` maps every name under which a collection may come to the name `translate` uses.
    """

    kind: str
    label: str
    collections: Mapping[str, str]

    def translate(self, export: Export, *, now: datetime) -> Draft:
        """Pure: no I/O. Raises `Unreadable` where the export is not what it should be."""


_translators: dict[str, Translator] = {}


def register_translator(one: Translator) -> None:
    _translators[one.kind] = one


def translator(kind: str) -> Translator | None:
    return _translators.get(kind)


def translators() -> list[Translator]:
    """All of them by label."""
    return sorted(_translators.values(), key=lambda one: one.label)
