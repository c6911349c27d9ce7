"""From a text to documents and notes: everything that is wrong is told at once."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from evenfall.slo.logic.openslo import draft
from evenfall.slo.logic.openslo.documents import Unreadable, documents
from evenfall.slo.logic.openslo.indicators import read_indicator
from evenfall.slo.logic.openslo.meta import read_meta
from evenfall.slo.logic.openslo.notes import Note, Severity
from evenfall.slo.logic.openslo.objectives import read_slo
from evenfall.slo.logic.openslo.places import Place
from evenfall.slo.logic.openslo.policies import read_condition, read_policy, read_target
from evenfall.slo.logic.openslo.references import check
from evenfall.slo.logic.openslo.structs import DataSource, Document, Kind, Service

VERSION: Final = "openslo/v1"
MOST_NOTES: Final = 500


class Found(Struct, frozen=True, kw_only=True):
    """One document that can be used, and its number in the text (from 1)."""

    number: int
    document: Document


class Reading(Struct, frozen=True, kw_only=True):
    """`found` are the documents without an error, in the order of the text."""

    found: tuple[Found, ...]
    notes: tuple[Note, ...]

    @property
    def has_errors(self) -> bool:
        return any(note.is_error for note in self.notes)


def read(text: str) -> Reading:
    """Read a text of OpenSLO documents; never raises, whatever the text is."""
    try:
        plain = documents(text)
    except Unreadable as error:
        return Reading(found=(), notes=(_whole(str(error)),))
    if not plain:
        return Reading(found=(), notes=(_whole("There is no document. Paste or choose one."),))
    notes: list[Note] = []
    found = [
        Found(number=number, document=document)
        for number, value in enumerate(plain, start=1)
        if (document := _one(number, value, notes)) is not None
    ]
    across = check({one.number: one.document for one in found})
    notes += across
    wrong = {note.document for note in across if note.is_error}
    usable = tuple(one for one in found if one.number not in wrong)
    return Reading(found=usable, notes=_bounded(sorted(notes, key=lambda one: one.document)))


def _bounded(notes: list[Note]) -> tuple[Note, ...]:
    """The first ones, errors before warnings: nobody reads thousands."""
    if len(notes) <= MOST_NOTES:
        return tuple(notes)
    worst = sorted(notes, key=lambda one: not one.is_error)[:MOST_NOTES]
    more = _whole(f"There are {len(notes) - MOST_NOTES} more notes. Mend these first.")
    return (replace(more, severity=Severity.WARNING), *worst)


def _whole(text: str) -> Note:
    said, _, todo = text.partition(". ")
    return Note(
        document=0, path="", severity=Severity.ERROR, text=f"{said.rstrip('.')}.", todo=todo
    )


def _one(number: int, value: object, notes: list[Note]) -> Document | None:
    """The document, or None when anything in it is wrong."""
    if not isinstance(value, dict):
        place = Place(notes=notes, document=number, value={})
        place.error("", "This is not a document.", "Write apiVersion, kind, metadata and spec.")
        return None
    errors = _errors(notes)
    place = Place(notes=notes, document=number, value=value, about=_about(value))
    place = _version(place)
    if _errors(notes) > errors:
        return None
    kind = place.choice("kind", Kind)
    document = _READERS[kind](place) if kind else None
    return document if _errors(notes) == errors else None


def _errors(notes: list[Note]) -> int:
    return sum(note.is_error for note in notes)


def _version(place: Place) -> Place:
    """Check the version; a document of the draft of v2 is written as v1 where that is clear."""
    version = place.text("apiVersion", needed=True)
    if draft.is_draft(version):
        return draft.as_v1(place)
    if version and version != VERSION:
        place.error(
            "apiVersion",
            f"“{version[:60]}” is not read here.",
            f"Convert it to {VERSION}; `oslo convert` does it for v1alpha.",
        )
    return place


def _about(value: Mapping[str, Any]) -> str:
    meta = value.get("metadata")
    name = meta.get("name") if isinstance(meta, dict) else None
    return " ".join(str(one)[:63] for one in (value.get("kind"), name) if isinstance(one, str))


def _data_source(place: Place) -> DataSource:
    place.expect("apiVersion", "kind", "metadata", "spec")
    meta = read_meta(place)
    spec = place.inside("spec", needed=True)
    if spec is None:
        return DataSource(meta=meta, type="")
    spec.expect("description", "type", "connectionDetails")
    details = spec.inside("connectionDetails")
    return DataSource(
        meta=meta,
        type=spec.text("type", most=100, needed=True),
        description=spec.description(),
        details=details.value if details else {},
    )


def _service(place: Place) -> Service:
    place.expect("apiVersion", "kind", "metadata", "spec")
    spec = place.inside("spec")
    if spec is not None:
        spec.expect("description")
    return Service(meta=read_meta(place), description=spec.description() if spec else "")


_READERS: Final[Mapping[Kind, Callable[[Place], Document]]] = {
    Kind.DATA_SOURCE: _data_source,
    Kind.SERVICE: _service,
    Kind.SLI: read_indicator,
    Kind.SLO: read_slo,
    Kind.ALERT_POLICY: read_policy,
    Kind.ALERT_CONDITION: read_condition,
    Kind.ALERT_NOTIFICATION_TARGET: read_target,
}
