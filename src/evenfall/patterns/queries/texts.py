"""Whole texts of incidents: what there is to compare at night, and what was found."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib.util import find_spec
from itertools import batched
from typing import Final

from django.db.models import Q
from msgspec import Struct

from evenfall.incidents import ports as incidents_ports
from evenfall.incidents import queries as incidents_queries
from evenfall.incidents.queries import IncidentView
from evenfall.patterns.logic.score import Read
from evenfall.patterns.logic.texts import Document
from evenfall.patterns.models import IncidentTraits, Neighbour, Reading
from evenfall.patterns.queries.facts import counts
from evenfall.postmortems import queries as postmortems_queries

WITHIN: Final = timedelta(days=730)
MOST: Final = 10_000
MOST_TEXT: Final = 1000
MOST_WORDS: Final = 150
PAGE: Final = 500


class ReadingState(Struct, frozen=True, kw_only=True):
    """Whether whole texts can be compared here, when they were last, and of how many incidents."""

    installed: bool
    at: datetime | None = None
    incidents: int = 0


def reading_state() -> ReadingState:
    row = Reading.objects.order_by("-id").first()
    installed = find_spec("sklearn") is not None
    if row is None:
        return ReadingState(installed=installed)
    return ReadingState(installed=installed, at=row.at, incidents=row.incidents)


def read_of(incident_id: int) -> dict[int, Read]:
    """What the last night found of this incident, by the number of the other."""
    rows = Neighbour.objects.filter(Q(one_id=incident_id) | Q(other_id=incident_id))
    return {
        row.other_id if row.one_id == incident_id else row.one_id: Read(
            cosine=row.cosine, words=tuple(row.words)
        )
        for row in rows
    }


def documents(*, now: datetime) -> list[Document]:
    """The texts of the newest incidents of two years, at most 10,000; nothing private.

    A fixed number of queries for each 500.
    """
    newest = IncidentTraits.objects.filter(counts=True, opened_at__gte=now - WITHIN)
    ids = newest.order_by("-opened_at").values_list("incident_id", flat=True)[:MOST]
    return [one for page in batched(ids, PAGE) for one in _page(page)]


def _page(ids: tuple[int, ...]) -> Iterator[Document]:
    views = incidents_queries.incidents(ids)
    alerts = incidents_queries.alert_titles(ids)
    lessons = postmortems_queries.lesson_texts(ids)
    for number, view in views.items():
        if counts(view):
            told = (*dict.fromkeys(alerts.get(number, ())), lessons.get(number, ""))
            yield _document(view, told)


def _document(view: IncidentView, told: tuple[str, ...]) -> Document:
    service = view.service.name if view.service else ""
    parts = (view.title, view.description, service, *told)
    words = incidents_ports.word_list("\n".join(part[:MOST_TEXT] for part in parts))
    return Document(number=view.id, words=" ".join(words[:MOST_WORDS]))
