"""What proposals stand on beside single pages: services that follow each other, names that come
together, alerts that nobody ends. Read from the domains that know, decided in `logic`.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from msgspec import Struct

from evenfall.alerting import queries as alerting_queries
from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.queries import ServiceView
from evenfall.insights.logic import following, lingering, twins
from evenfall.insights.logic.lingering import Lingering
from evenfall.insights.logic.proposals import LOOKED_AT, Kind, Suggestion
from evenfall.insights.logic.twins import Pair
from evenfall.insights.logic.waking import problem_key
from evenfall.insights.models import PagedOnce
from evenfall.insights.queries.evidence import cost_of, followed, page_counts

SWEEP: Final = 3
TOGETHER_WITHIN: Final = following.WITHIN * 2 / 5


class About(Struct, frozen=True, kw_only=True):
    """What a problem is called and whose it is; `service` is its slug, "" for none."""

    name: str
    is_named: bool
    service_id: int | None
    service: str
    team_id: int | None
    environment: str
    rule_id: int | None
    monitor_id: int | None = None


type Named = dict[str, About]


def named_problems(keys: Collection[str], services: Mapping[int, ServiceView]) -> Named:
    rows = PagedOnce.objects.filter(problem__in=list(keys)).order_by("problem", "-started_at")
    return {
        row.problem: About(
            name=row.name,
            is_named=row.is_named,
            service_id=row.service_id,
            service=_slug(services, row.service_id),
            team_id=row.team_id,
            environment=row.environment,
            rule_id=row.rule_id,
            monitor_id=row.monitor_id,
        )
        for row in rows.distinct("problem")
    }


def _slug(services: Mapping[int, ServiceView], service_id: int | None) -> str:
    found = services.get(service_id or 0)
    return found.slug if found else ""


def needed(named: Named, services: Mapping[int, ServiceView], now: datetime) -> list[Suggestion]:
    """That a service needs another one; its words are put among the named ones."""
    seen = [one for one in followed(now) if {one.service_id, one.cause_id} <= services.keys()]
    if not seen:
        return []
    edges = catalog_queries.dependency_edges()
    return [
        _need(one, named, services) for one in following.needs(seen, edges, looked_at=LOOKED_AT)
    ]


def _need(one: following.Need, named: Named, services: Mapping[int, ServiceView]) -> Suggestion:
    seen = one.seen
    service, cause = services[seen.service_id], services[seen.cause_id]
    key = f"{service.id}|needs|{cause.id}"
    named[key] = About(
        name=f"{service.name} needs {cause.name}"[:200],
        is_named=False,
        service_id=service.id,
        service=service.slug,
        team_id=service.team_id,
        environment="",
        rule_id=None,
    )
    return Suggestion(
        kind=Kind.NEEDS,
        problem=key,
        why=following.words(one, cause.name),
        pages=seen.pages,
        spared=seen.spared,
        nights=seen.nights,
        acted=seen.acted,
        critical=seen.critical,
        change={"service_id": service.id, "cause_id": cause.id, "cause_name": cause.name},
        counts={"followed": seen.followed, "times": seen.times, "lift": round(one.lift, 1)},
    )


def twinned(
    named: Named, services: Mapping[int, ServiceView], now: datetime, told: Collection[str]
) -> list[Suggestion]:
    """Names that are one problem, but for those of which pages tell the same already."""
    since = now - LOOKED_AT
    rows = alerting_queries.together(
        since=since, until=now, within=TOGETHER_WITHIN, least=twins.LEAST
    )
    pairs = []
    for row in rows:
        first, second = (
            _name(named, services, row.service_id, row.environment, name)
            for name in (row.first, row.second)
        )
        pairs.append(
            Pair(
                first=first,
                second=second,
                first_times=row.first_times,
                second_times=row.second_times,
                first_with=row.first_with,
                second_with=row.second_with,
                after_first=tuple(row.after_first),
                after_second=tuple(row.after_second),
            )
        )
    found = [one for one in twins.twins(pairs) if one.symptom not in told]
    paged = page_counts([one.symptom for one in found], since=since)
    return [_twin(one, named, paged.get(one.symptom, 0), since) for one in found]


def _twin(one: twins.Twin, named: Named, pages: int, since: datetime) -> Suggestion:
    cost = cost_of(one.held, since=since)
    return Suggestion(
        kind=Kind.TWIN,
        problem=one.symptom,
        why=twins.words(one, named[one.cause].name),
        pages=pages,
        spared=cost.pages,
        nights=cost.nights,
        acted=cost.acted,
        critical=cost.critical,
        change={"cause": one.cause},
        counts={"together": one.together, "times": one.times, "alerts": len(one.held)},
    )


def _name(
    named: Named,
    services: Mapping[int, ServiceView],
    service_id: int | None,
    environment: str,
    name: str,
    *,
    is_named: bool = True,
    rule_id: int | None = None,
) -> str:
    """The key of a problem whose words are known afterwards; pages may have told them already."""
    key = problem_key(service_id=service_id, environment=environment, name=name)
    service = services.get(service_id or 0)
    named.setdefault(
        key,
        About(
            name=name,
            is_named=is_named,
            service_id=service_id,
            service=service.slug if service else "",
            team_id=service.team_id if service else None,
            environment=environment,
            rule_id=rule_id,
        ),
    )
    return key


def endless(named: Named, services: Mapping[int, ServiceView], now: datetime) -> list[Suggestion]:
    """Alerts that nobody acts on and nothing ends. They page nobody, so no page is spared."""
    rows = alerting_queries.lingering(
        since=now - LOOKED_AT,
        until=now,
        quiet=lingering.QUIETS[0],
        least=lingering.LEAST,
        sweep=SWEEP,
    )
    found = []
    for row in rows:
        ending = lingering.ending(
            Lingering(
                alerts=row.alerts,
                by_source=row.by_source,
                by_hand=row.by_hand,
                swept=row.swept,
                idle_s=row.idle_s,
                acted_s=row.acted_s,
            )
        )
        if ending is not None:
            key = _name(
                named,
                services,
                row.service_id,
                row.environment,
                row.name,
                is_named=row.is_named,
                rule_id=row.rule_id,
            )
            found.append(_ending(key, ending, row.alerts))
    return found


def _ending(key: str, one: lingering.Ending, alerts: int) -> Suggestion:
    return Suggestion(
        kind=Kind.END,
        problem=key,
        why=one.why,
        pages=0,
        spared=0,
        nights=0,
        acted=0,
        critical=0,
        change={"quiet_hours": int(one.quiet.total_seconds() // 3600)},
        counts={"alerts": alerts, "ended": one.ended, "hours": one.hours},
    )
