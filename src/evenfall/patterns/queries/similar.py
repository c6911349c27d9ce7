"""What an incident is like, and why: for its page and the API."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db.models import Q
from msgspec import Struct

from evenfall.catalog import queries as catalog_queries
from evenfall.incidents import queries as incidents_queries
from evenfall.incidents.queries import IncidentView
from evenfall.patterns.logic.score import Part, rank
from evenfall.patterns.logic.states import Verdict
from evenfall.patterns.models import Member, Pair

MOST: Final = 5
_NAMES: Final = {
    Part.TEXT: "Words",
    Part.SERVICES: "Services",
    Part.FACTORS: "Contributing factors",
    Part.ALERTS: "Alerts",
    Part.RELEASES: "Release",
}


class PartLine(Struct, frozen=True, kw_only=True):
    """One part of a score, as people read it: points in percent of the whole score.

    Of texts also, from 0 to 1: how much of the letters of almost equal titles is the same, and the
    cosine of the whole texts with the words that count most for it.
    """

    part: Part
    name: str
    points: float
    most: float
    shared: tuple[str, ...]
    same_alerts: int = 0
    letters: float = 0.0
    cosine: float = 0.0
    telling: tuple[str, ...] = ()


class SimilarView(Struct, frozen=True, kw_only=True):
    """An incident that is like another. `score` is 0 to 1; `pattern_id` where it is in one."""

    incident: IncidentView
    score: float
    parts: tuple[PartLine, ...]
    verdict: Verdict
    pattern_id: int | None = None

    @property
    def percent(self) -> int:
        return round(100 * self.score)


def similar_to(
    incident_id: int, *, now: datetime, limit: int = MOST, undecided: bool = False
) -> list[SimilarView]:
    """Incidents like this one that nobody rejected, best first: alike, and not long ago.

    With `undecided` only those that nobody judged. A fixed number of queries.
    """
    pairs = Pair.objects.exclude(verdict=Verdict.DIFFERENT.value)
    if undecided:
        pairs = pairs.filter(verdict=Verdict.OPEN.value)
    mine = pairs.filter(Q(one_id=incident_id) | Q(other_id=incident_id))
    rows = {row.other_id if row.one_id == incident_id else row.one_id: row for row in mine}
    if not rows:
        return []
    views = incidents_queries.incidents(rows)

    def place(number: int) -> tuple[bool, float, int]:
        at = views[number].opened_at
        said = rows[number].verdict == Verdict.SAME.value
        return said, rank(rows[number].score, at=at, now=now), number

    best = sorted((number for number in rows if number in views), key=place, reverse=True)[:limit]
    return _views([rows[number] for number in best], [views[number] for number in best])


def _views(rows: Sequence[Pair], incidents: Sequence[IncidentView]) -> list[SimilarView]:
    names = _service_names(rows)
    members = dict(
        Member.objects.filter(incident_id__in=[one.id for one in incidents]).values_list(
            "incident_id", "pattern_id"
        )
    )
    return [
        SimilarView(
            incident=view,
            score=row.score,
            parts=part_lines(row.parts, names),
            verdict=Verdict(row.verdict),
            pattern_id=members.get(view.id),
        )
        for row, view in zip(rows, incidents, strict=True)
    ]


def _service_names(rows: Sequence[Pair]) -> dict[str, str]:
    ids = {
        int(number)
        for row in rows
        for part in row.parts
        if part["part"] == Part.SERVICES.value
        for number in part["shared"]
    }
    known = catalog_queries.services(ids) if ids else {}
    return {str(number): service.name for number, service in known.items()}


def part_lines(
    parts: Sequence[Mapping[str, Any]], services: Mapping[str, str]
) -> tuple[PartLine, ...]:
    return tuple(_line(one, services) for one in parts)


def _line(told: Mapping[str, Any], services: Mapping[str, str]) -> PartLine:
    part, shared = Part(told["part"]), tuple(told["shared"])
    count = len(shared) if part is Part.ALERTS else 0
    if part is Part.SERVICES:
        shared = tuple(services.get(one, one) for one in shared)
    return PartLine(
        part=part,
        name=_NAMES[part],
        points=100 * told["value"] * told["share"],
        most=100 * told["share"],
        shared=() if count else shared,
        same_alerts=count,
        letters=told.get("letters", 0.0),
        cosine=told.get("cosine", 0.0),
        telling=tuple(told.get("telling", ())),
    )
