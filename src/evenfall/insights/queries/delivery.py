"""How delivery goes: the five measures of services, teams and the whole, read in a few queries."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from itertools import starmap
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from evenfall.alerting import queries as alerting_queries
from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.queries import ServiceView
from evenfall.changes import queries as changes_queries
from evenfall.identity import queries as identity_queries
from evenfall.incidents import queries as incidents_queries
from evenfall.incidents.queries import Outage
from evenfall.insights.logic.delivery import Delivery, Deployed, Harm, arrivals, measure
from evenfall.insights.logic.shares import Share, share
from evenfall.insights.logic.spans import Downtime, Span, cuts, downtime
from evenfall.monitors import queries as monitors_queries

DAYS: Final = (30, 90, 180, 365)
_STEPS: Final = {"week": timedelta(days=7), "month": timedelta(days=30)}


class Period(Struct, frozen=True, kw_only=True):
    """The last `days` days until `end`; `start` is later where records begin later."""

    days: int
    start: datetime
    end: datetime
    zone: ZoneInfo
    records_begin: datetime | None


class Scope(Struct, frozen=True, kw_only=True):
    """What is measured: one service, the services of a team, or (both None) everything."""

    service_id: int | None = None
    team_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Part:
    """A service or team of the whole; its own measures are taken when somebody looks at them."""

    slug: str
    name: str
    team: str
    own: Sequence[Deployed] = field(repr=False)
    period: Period = field(repr=False)

    @cached_property
    def delivery(self) -> Delivery:
        return _measured(self.own, self.period.start, self.period.end, self.period.zone)

    @cached_property
    def deploys(self) -> int:
        return len(arrivals(self.own))


class Report(Struct, frozen=True, kw_only=True):
    """The measures of a scope.

    `unlinked` is the share of its incidents in production that nobody said a change for. `trend`
    holds the measures of each step of the period, oldest first.
    """

    period: Period
    delivery: Delivery
    downtime: Downtime
    unlinked: Share | None
    trend: Sequence[tuple[Span, Delivery]]
    services: Sequence[Part]
    teams: Sequence[Part]


class _Read(Struct, frozen=True):
    """All records of a scope and period; deploys in the order in which they ended."""

    deploys: Sequence[Deployed]
    outages: Sequence[Outage]


def period_of(days: int, *, zone: ZoneInfo, now: datetime) -> Period:
    """The period that ends now. Where nothing was recorded before, it begins with the first record.

    So a service that began to report yesterday is not said to deploy rarely.
    """
    begins = changes_queries.first_deploy_at()
    start = now - timedelta(days=days)
    if begins is not None and begins > start:
        start = min(begins, now)
    return Period(days=days, start=start, end=now, zone=zone, records_begin=begins)


def delivery_report(scope: Scope, period: Period, *, step: str = "week") -> Report:
    """Measure a scope. A fixed number of queries, however many services there are.

    Raises `ServiceNotFound` and `TeamNotFound`. `step` is "week" or "month".
    """
    services = _services(scope)
    wanted = None if scope == Scope() else set(services)
    read = _read(wanted, period)
    caused = incidents_queries.confirmed_causes([one.incident_id for one in read.outages])
    own = {} if scope.service_id is not None else _of_services(read.deploys, services)
    return Report(
        period=period,
        delivery=_measured(read.deploys, period.start, period.end, period.zone),
        downtime=_downtime(wanted, read.outages, period),
        unlinked=share(len(read.outages) - len(caused), len(read.outages)),
        trend=_trend(read.deploys, period, _STEPS.get(step, _STEPS["week"])),
        services=_by_service(own, services, period),
        teams=_by_team(own, services, period) if scope == Scope() else [],
    )


def _services(scope: Scope) -> dict[int, ServiceView]:
    if scope.service_id is not None:
        return {scope.service_id: catalog_queries.service(scope.service_id)}
    if scope.team_id is not None:
        identity_queries.team(scope.team_id)
        return {one.id: one for one in catalog_queries.services_of_team(scope.team_id)}
    return catalog_queries.services()


def _read(services: Collection[int] | None, period: Period) -> _Read:
    rows = changes_queries.production_deploys(services, since=period.start, until=period.end)
    outages = incidents_queries.production_outages(services, since=period.start, until=period.end)
    guessed = incidents_queries.likely_causes([one.incident_id for one in outages])
    harmful = [row.id for row in rows if row.did_harm]
    harms = incidents_queries.harms_of(harmful)
    deploys = list(starmap(Deployed, rows))
    places = {one.id: place for place, one in enumerate(deploys)}
    for number, ended in harms.items():
        place = places[number]
        told = tuple(Harm(one.began_at, one.ended_at) for one in ended)
        deploys[place] = deploys[place]._replace(harms=told)
    for place in {places[number] for number in guessed.values() if number in places}:
        deploys[place] = deploys[place]._replace(is_guessed=True)
    return _Read(deploys, outages)


def _measured(
    deploys: Iterable[Deployed], start: datetime, end: datetime, zone: ZoneInfo
) -> Delivery:
    first, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    return measure(deploys, first=first, last=last, zone=zone)


def _trend(
    deploys: Sequence[Deployed], period: Period, step: timedelta
) -> list[tuple[Span, Delivery]]:
    """Each step measured by itself; what was in production before may count again there."""

    def before(at: datetime) -> int:
        return bisect_left(deploys, at, key=lambda one: one.ended_at)

    return [
        ((start, end), _measured(deploys[before(start) : before(end)], start, end, period.zone))
        for start, end in cuts(period.start, period.end, step)
    ]


def _of_services(
    deploys: Iterable[Deployed], services: Collection[int]
) -> dict[int, list[Deployed]]:
    """The deploys of each service that had any, in the order in which they ended."""
    found: dict[int, list[Deployed]] = defaultdict(list)
    for one in deploys:
        if one.service_id is not None and one.service_id in services:
            found[one.service_id].append(one)
    return found


def _by_service(
    deploys: Mapping[int, Sequence[Deployed]], services: Mapping[int, ServiceView], period: Period
) -> list[Part]:
    """The services that deployed anything, the busiest first."""
    teams = {team.id: team.name for team in identity_queries.teams()}
    parts = [
        Part(
            slug=services[number].slug,
            name=services[number].name,
            team=teams.get(services[number].team_id, ""),
            own=own,
            period=period,
        )
        for number, own in deploys.items()
    ]
    return sorted(parts, key=lambda part: (-part.deploys, part.name))


def _by_team(
    deploys: Mapping[int, Sequence[Deployed]], services: Mapping[int, ServiceView], period: Period
) -> list[Part]:
    found: dict[int, list[Deployed]] = {}
    for number, own in deploys.items():
        found.setdefault(services[number].team_id, []).extend(own)
    parts = [
        Part(slug=team.slug, name=team.name, team=team.name, own=found[team.id], period=period)
        for team in identity_queries.teams(found)
    ]
    return sorted(parts, key=lambda part: (-part.deploys, part.name))


def _downtime(
    services: Collection[int] | None, outages: Iterable[Outage], period: Period
) -> Downtime:
    planned = alerting_queries.maintenance_spans(services, since=period.start, until=period.end)
    actual = [(one.began_at, one.ended_at or period.end) for one in outages if one.is_down]
    downs = monitors_queries.production_downs(services, since=period.start, until=period.end)
    probed = [(began, ended or period.end) for _, began, ended in downs]
    return downtime(planned, actual, probed, start=period.start, end=period.end)
