"""How delivery goes: the five measures of services, teams and the whole, read in a few queries."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from evenfall.alerting import queries as alerting_queries
from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.queries import ServiceView
from evenfall.changes import queries as changes_queries
from evenfall.identity import queries as identity_queries
from evenfall.identity.queries import TeamView
from evenfall.incidents import queries as incidents_queries
from evenfall.incidents.queries import Outage
from evenfall.insights.logic.delivery import Delivery, Deployed, Harm, arrivals, measure
from evenfall.insights.logic.shares import Share, share
from evenfall.insights.logic.spans import Downtime, Span, cuts, downtime
from evenfall.monitors import queries as monitors_queries

DAYS: Final = (30, 90, 180, 365)
type Trend = Sequence[tuple[Span, Delivery]]
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


class Records(Struct, frozen=True, kw_only=True):
    """The deploys of a scope, in the order in which they ended, with the harm that people confirm.

    `services` are its services by id, None for everything.
    """

    scope: Scope
    period: Period
    services: Mapping[int, ServiceView] | None
    deploys: Sequence[Deployed]


class Report(Struct, frozen=True, kw_only=True):
    """The measures of a scope and what they stand beside.

    `records` are those it was made of, in which the likeliest suspects are marked. `unlinked` is
    the share of its incidents in production that nobody said a change for.
    """

    records: Records
    delivery: Delivery
    downtime: Downtime
    unlinked: Share | None


class Parts(Struct, frozen=True, kw_only=True):
    """The services and teams of a scope that deployed anything, the busiest first.

    Only everything has teams, and one service has no parts.
    """

    services: Sequence[Part]
    teams: Sequence[Part]


def period_of(days: int, *, zone: ZoneInfo, now: datetime) -> Period:
    """The period that ends now. Where nothing was recorded before, it begins with the first record.

    So a service that began to report yesterday is not said to deploy rarely.
    """
    begins = changes_queries.first_deploy_at()
    start = now - timedelta(days=days)
    if begins is not None and begins > start:
        start = min(begins, now)
    return Period(days=days, start=start, end=now, zone=zone, records_begin=begins)


def delivery_records(scope: Scope, period: Period) -> Records:
    """What there is to measure. A fixed number of queries, however many services there are.

    Raises `ServiceNotFound` and `TeamNotFound`.
    """
    services = _services(scope)
    deploys = changes_queries.production_deploys(
        services, since=period.start, until=period.end, make=Deployed
    )
    harms = incidents_queries.harms_of([one.id for one in deploys if one.did_harm])
    for place, one in enumerate(deploys) if harms else ():
        if one.id in harms:
            told = tuple(Harm(harm.began_at, harm.ended_at) for harm in harms[one.id])
            deploys[place] = one._replace(harms=told)
    return Records(scope=scope, period=period, services=services, deploys=deploys)


def delivery_of(records: Records) -> Delivery:
    """Measure a scope as a whole; no query."""
    period = records.period
    return _measured(records.deploys, period.start, period.end, period.zone)


def delivery_report(records: Records) -> Report:
    """Measure a scope with the suspects of its incidents and its downtime; some ten queries."""
    period = records.period
    outages = incidents_queries.production_outages(
        records.services, since=period.start, until=period.end
    )
    incidents = [one.incident_id for one in outages]
    suspects = set(incidents_queries.likely_causes(incidents).values())
    caused = incidents_queries.confirmed_causes(incidents)
    marked = replace(records, deploys=_marked(records.deploys, suspects))
    return Report(
        records=marked,
        delivery=delivery_of(marked),
        downtime=_downtime(records.services, outages, period),
        unlinked=share(len(outages) - len(caused), len(outages)),
    )


def delivery_parts(records: Records) -> Parts:
    """The services and teams of a scope, to be measured by themselves; two queries."""
    scope, period = records.scope, records.period
    if scope.service_id is not None:
        return Parts(services=[], teams=[])
    services = catalog_queries.services() if records.services is None else records.services
    own = _of_services(records.deploys, services)
    teams = {one.id: one for one in identity_queries.teams({services[n].team_id for n in own})}
    return Parts(
        services=_by_service(own, services, teams, period),
        teams=_by_team(own, services, teams, period) if scope == Scope() else [],
    )


def _services(scope: Scope) -> dict[int, ServiceView] | None:
    if scope.service_id is not None:
        return {scope.service_id: catalog_queries.service(scope.service_id)}
    if scope.team_id is not None:
        identity_queries.team(scope.team_id)
        return {one.id: one for one in catalog_queries.services_of_team(scope.team_id)}
    return None


def _marked(deploys: Sequence[Deployed], suspects: Collection[int]) -> Sequence[Deployed]:
    if not suspects:
        return deploys
    return [one._replace(is_guessed=True) if one.id in suspects else one for one in deploys]


def _measured(
    deploys: Iterable[Deployed], start: datetime, end: datetime, zone: ZoneInfo
) -> Delivery:
    first, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    return measure(deploys, first=first, last=last, zone=zone)


def delivery_trend(records: Records, *, step: str = "week") -> Trend:
    """Each step of the period ("week" or "month") measured by itself, oldest first.

    What was in production before a step may count again there.
    """
    deploys, period = records.deploys, records.period
    length = _STEPS.get(step, _STEPS["week"])

    def before(at: datetime) -> int:
        return bisect_left(deploys, at, key=lambda one: one.ended_at)

    return [
        ((start, end), _measured(deploys[before(start) : before(end)], start, end, period.zone))
        for start, end in cuts(period.start, period.end, length)
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
    deploys: Mapping[int, Sequence[Deployed]],
    services: Mapping[int, ServiceView],
    teams: Mapping[int, TeamView],
    period: Period,
) -> list[Part]:
    parts = [
        Part(
            slug=services[number].slug,
            name=services[number].name,
            team=teams[services[number].team_id].name,
            own=own,
            period=period,
        )
        for number, own in deploys.items()
    ]
    return sorted(parts, key=_busiest_first)


def _by_team(
    deploys: Mapping[int, Sequence[Deployed]],
    services: Mapping[int, ServiceView],
    teams: Mapping[int, TeamView],
    period: Period,
) -> list[Part]:
    found: dict[int, list[Deployed]] = {}
    for number, own in deploys.items():
        found.setdefault(services[number].team_id, []).extend(own)
    named = [(teams[number], own) for number, own in found.items()]
    parts = [
        Part(slug=team.slug, name=team.name, team=team.name, own=own, period=period)
        for team, own in named
    ]
    return sorted(parts, key=_busiest_first)


def _busiest_first(part: Part) -> tuple[int, str]:
    return -part.deploys, part.name


def _downtime(
    services: Collection[int] | None, outages: Iterable[Outage], period: Period
) -> Downtime:
    planned = alerting_queries.maintenance_spans(services, since=period.start, until=period.end)
    actual = [(one.began_at, one.ended_at or period.end) for one in outages if one.is_down]
    downs = monitors_queries.production_downs(services, since=period.start, until=period.end)
    probed = [(began, ended or period.end) for _, began, ended in downs]
    return downtime(planned, actual, probed, start=period.start, end=period.end)
