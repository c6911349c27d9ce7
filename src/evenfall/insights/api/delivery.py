"""The five measures of delivery over the API."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from evenfall.catalog import queries as catalog_queries
from evenfall.identity.access import api_auth
from evenfall.identity.permissions import Permission
from evenfall.insights import queries
from evenfall.insights.logic.delivery import Delivery
from evenfall.insights.logic.shares import Distribution, Share
from evenfall.insights.queries import Part, Scope
from evenfall.platform.clock import utc_now

router = Router()


class DeliveryQuery(Schema):
    """Of a service (its slug) or of a team; of everything where both are left out."""

    service: str = ""
    team_id: int | None = None
    days: int = Field(90, ge=1, le=730)


class ShareOut(Schema):
    """`count` of `n`."""

    count: int
    n: int
    percent: float


class BandOut(Schema):
    label: str
    count: int


class DistributionOut(Schema):
    """Lengths of time, in seconds."""

    n: int
    median_s: float
    p90_s: float
    bands: list[BandOut]


class FrequencyOut(Schema):
    """`pace` is null while less than a week is known."""

    n: int
    days_with_deploy: int
    of_days: int
    per_week: float
    pace: str | None


class DeliveryOut(Schema):
    """The five measures; null is unknown, never zero."""

    deploys: int
    lead_time: DistributionOut | None
    frequency: FrequencyOut | None
    fail_rate: ShareOut | None
    recovery: DistributionOut | None
    not_recovered: int
    rework: ShareOut | None
    green: ShareOut | None
    fail_rate_with_guesses: ShareOut | None
    without_commit: ShareOut | None


class DeliveryPartOut(DeliveryOut):
    """The measures of one service or team of the whole."""

    slug: str
    name: str


class DowntimeOut(Schema):
    """In seconds; `excused_s` is the part of the actual one that fell into a planned one."""

    planned_s: float
    actual_s: float
    excused_s: float
    windows: int
    outages: int
    probed: int
    """How many outages probes found; `actual_s` counts what overlaps once."""
    planned_lengths: DistributionOut | None
    actual_lengths: DistributionOut | None


class DeliveryReportOut(Schema):
    since: datetime
    until: datetime
    whole: DeliveryOut
    downtime: DowntimeOut
    unlinked_incidents: ShareOut | None
    services: list[DeliveryPartOut]
    teams: list[DeliveryPartOut]


@router.get("/insights/delivery", response=DeliveryReportOut, auth=api_auth(Permission.VIEW))
def delivery(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    asked: Query[DeliveryQuery],
) -> dict[str, Any]:
    """The five measures of delivery of the last days, by days in UTC."""
    service = catalog_queries.service_by_slug(asked.service) if asked.service else None
    scope = Scope(service_id=service.id if service else None, team_id=asked.team_id)
    period = queries.period_of(asked.days, zone=ZoneInfo("UTC"), now=utc_now())
    records = queries.delivery_records(scope, period)
    report = queries.delivery_report(records)
    parts = queries.delivery_parts(report.records)
    down = report.downtime
    return {
        "since": period.start,
        "until": period.end,
        "whole": _delivery(report.delivery),
        "downtime": {
            "planned_s": down.planned.total_seconds(),
            "actual_s": down.actual.total_seconds(),
            "excused_s": down.excused.total_seconds(),
            "windows": down.plans,
            "outages": down.outages,
            "probed": down.probed,
            "planned_lengths": _distribution(down.planned_lengths),
            "actual_lengths": _distribution(down.actual_lengths),
        },
        "unlinked_incidents": _share(report.unlinked),
        "services": [_part(one) for one in parts.services],
        "teams": [_part(one) for one in parts.teams],
    }


def _part(one: Part) -> dict[str, Any]:
    return {"slug": one.slug, "name": one.name, **_delivery(one.delivery)}


def _delivery(one: Delivery) -> dict[str, Any]:
    frequency = one.frequency
    return {
        "deploys": one.deploys,
        "lead_time": _distribution(one.lead_time),
        "frequency": None
        if frequency is None
        else {
            "n": frequency.n,
            "days_with_deploy": frequency.days,
            "of_days": frequency.of_days,
            "per_week": frequency.per_week,
            "pace": frequency.pace,
        },
        "fail_rate": _share(one.fail_rate),
        "recovery": _distribution(one.recovery),
        "not_recovered": one.ongoing,
        "rework": _share(one.rework),
        "green": _share(one.green),
        "fail_rate_with_guesses": _share(one.guessed),
        "without_commit": _share(one.without_commit),
    }


def _share(one: Share | None) -> dict[str, float] | None:
    return None if one is None else {"count": one.count, "n": one.n, "percent": one.percent}


def _distribution(one: Distribution | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "n": one.n,
        "median_s": one.median.total_seconds(),
        "p90_s": one.p90.total_seconds(),
        "bands": [{"label": bar.label, "count": bar.count} for bar in one.bars],
    }
