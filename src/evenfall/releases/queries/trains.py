"""Trains: their order, who is on board, and who was left behind."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db.models import F
from msgspec import Struct

from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.ports import Environment
from evenfall.catalog.queries import ServiceView
from evenfall.platform import pages
from evenfall.releases import errors
from evenfall.releases.logic.boarding import MARKS, STAYED, Fate, Seat, closed_whys, fate
from evenfall.releases.logic.needing import ordered
from evenfall.releases.logic.states import UNDER_WAY, State
from evenfall.releases.models import Missed, Passage, Release, Train

LATE: Final = timedelta(days=1)
"""For so long a train that has departed stays among those that are looked at."""
_MOST: Final = 100


class CarView(Struct, frozen=True, kw_only=True):
    """A release on a train, as far as it is in its last stage; `why` explains its fate."""

    release_id: int
    service_id: int
    service: str
    team_id: int
    version: str
    passage_id: int | None
    stage: str
    fate: Fate
    why: str

    @property
    def mark(self) -> str:
        return MARKS[self.fate][0]

    @property
    def label(self) -> str:
        return MARKS[self.fate][1].capitalize()

    @property
    def has_stayed(self) -> bool:
        return self.fate in STAYED


class MissedView(Struct, frozen=True, kw_only=True):
    """A release that did not go with a train and was put on another one, or on none."""

    release_id: int
    service: str
    version: str
    why: str
    at: datetime
    by: str
    next_id: int | None
    next_name: str


class TrainView(Struct, frozen=True, kw_only=True):
    """`waves` are ids of releases: what goes together, after all those before it.

    Releases whose services need each other meanwhile come in a last wave together.
    """

    id: int
    name: str
    note: str
    departs_at: datetime | None
    waves: tuple[tuple[int, ...], ...]
    on_board: tuple[CarView, ...]
    left_behind: tuple[MissedView, ...]

    @property
    def stops(self) -> list[list[CarView]]:
        """The releases in the order in which they go, wave by wave."""
        cars = {one.release_id: one for one in self.on_board}
        return [[cars[number] for number in wave] for wave in self.waves]

    @property
    def counts(self) -> list[tuple[str, str]]:
        """The badge of each fate that any of them has, and how many have it in words."""
        found = [(one, sum(car.fate is one for car in self.on_board)) for one in Fate]
        return [(MARKS[one][0], f"{count} {MARKS[one][1]}") for one, count in found if count]

    @property
    def stayed(self) -> list[CarView]:
        return [one for one in self.on_board if one.has_stayed]


def train(train_id: int, *, now: datetime) -> TrainView:
    """Raises TrainNotFound."""
    found = _views(list(Train.objects.filter(id=train_id)), now)
    if not found:
        raise errors.TrainNotFound(train_id=train_id)
    return found[0]


def coming_trains(*, now: datetime) -> list[TrainView]:
    """Those to come by departure, those of the last day before them, those without a time last."""
    rows = Train.objects.exclude(departs_at__lte=now - LATE)
    return _views(list(rows.order_by(F("departs_at").asc(nulls_last=True), "id")[:_MOST]), now)


def departed_trains(*, now: datetime, cursor: str | None = None) -> pages.Page[TrainView]:
    """Twenty that departed more than a day ago, the last one first."""
    rows = Train.objects.filter(departs_at__lte=now - LATE)
    page = pages.keyset(rows, order=("-departs_at", "-id"), cursor=cursor, size=20)
    return page.holding(_views(page.items, now))


def may_board(train_id: int | None = None) -> list[tuple[int, int, str]]:
    """(id, service, words) of releases that wait somewhere and are on no other train."""
    waiting = Passage.objects.filter(state__in=UNDER_WAY).values("release_id")
    rows = Release.objects.filter(id__in=waiting, train=None)
    if train_id is not None:
        rows |= Release.objects.filter(train_id=train_id)
    found = rows.select_related("service").order_by("service__name", "-created_at", "-id")
    return [(one.pk, one.service_id, f"{one.service.name} {one.version}") for one in found[:_MOST]]


def _views(rows: Sequence[Train], now: datetime) -> list[TrainView]:
    """Five queries, however many trains."""
    releases = list(Release.objects.filter(train__in=rows).order_by("id"))
    last = _last_passages({one.pk for one in releases})
    services = catalog_queries.services({one.service_id for one in releases})
    edges = catalog_queries.hard_edges() if releases else []
    missed = _missed(rows)
    found: dict[int, list[Release]] = defaultdict(list)
    for one in releases:
        found[one.train_id or 0].append(one)
    return [
        TrainView(
            id=row.pk,
            name=row.name,
            note=row.note,
            departs_at=row.departs_at,
            waves=_waves(found[row.pk], edges),
            on_board=tuple(_car(one, row, last, services, now) for one in found[row.pk]),
            left_behind=missed.get(row.pk, ()),
        )
        for row in rows
    ]


def _waves(
    releases: Sequence[Release], edges: Sequence[tuple[int, int]]
) -> tuple[tuple[int, ...], ...]:
    services = {one.service_id for one in releases}
    waves = ordered(services, edges)
    placed = {one for wave in waves for one in wave}
    whole = [*waves, sorted(services - placed)] if services - placed else waves
    return tuple(tuple(one.pk for one in releases if one.service_id in wave) for wave in whole)


def _car(
    release: Release,
    train_row: Train,
    last: Mapping[int, Passage],
    services: Mapping[int, ServiceView],
    now: datetime,
) -> CarView:
    passage, service = last.get(release.pk), services[release.service_id]
    word, why = fate(_seat(passage), departs_at=train_row.departs_at, now=now)
    return CarView(
        release_id=release.pk,
        service_id=service.id,
        service=service.name,
        team_id=service.team_id,
        version=release.version,
        passage_id=passage.pk if passage else None,
        stage=passage.stage if passage else "",
        fate=word,
        why=why,
    )


def _seat(passage: Passage | None) -> Seat | None:
    if passage is None:
        return None
    return Seat(
        state=State(passage.state),
        reason=passage.reason,
        closed=closed_whys(passage.answers),
        was_asked=passage.asked_at is not None,
    )


def _last_passages(release_ids: Collection[int]) -> dict[int, Passage]:
    """The last try of each release in production, or in the last stage of its way."""
    rows = Passage.objects.filter(release_id__in=release_ids)
    return {
        row.release_id: row
        for row in sorted(
            rows,
            key=lambda row: (row.environment == Environment.PROD, row.position, row.attempt),
        )
    }


def _missed(rows: Sequence[Train]) -> dict[int, tuple[MissedView, ...]]:
    found: dict[int, tuple[MissedView, ...]] = {}
    missed = Missed.objects.filter(train__in=rows).select_related("release__service", "next")
    for one in missed.order_by("at", "id"):
        view = MissedView(
            release_id=one.release_id,
            service=one.release.service.name,
            version=one.release.version,
            why=one.why,
            at=one.at,
            by=one.by,
            next_id=one.next_id,
            next_name=one.next.name if one.next else "",
        )
        found[one.train_id] = (*found.get(one.train_id, ()), view)
    return found
