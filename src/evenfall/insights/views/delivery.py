"""How delivery goes: of everything, of a team, of a service, and as a file."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from msgspec import Struct

from evenfall.catalog import queries as catalog_queries
from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires
from evenfall.identity.permissions import Permission
from evenfall.insights import queries
from evenfall.insights.contexts import delivery as contexts
from evenfall.insights.logic.delivery import Delivery
from evenfall.insights.logic.shares import Distribution, Share
from evenfall.insights.queries import DAYS, Part, Parts, Scope
from evenfall.platform.pages import Page, part
from evenfall.platform.tables import csv_text

COLUMNS: Final = (
    "kind",
    "slug",
    "name",
    "team",
    "deploys",
    "days_with_deploy",
    "frequency",
    "lead_time_n",
    "lead_time_median_s",
    "lead_time_p90_s",
    "fail_rate_percent",
    "failed_deploys",
    "recovery_n",
    "recovery_median_s",
    "recovery_p90_s",
    "rework_rate_percent",
    "green_percent",
)
BUSIEST: Final = 20
"""So many teams and services the page begins with; each table has a page of its own."""


@requires(Permission.VIEW)
@require_safe
def whole(request: HttpRequest) -> HttpResponse:
    """GET /insights/delivery/?days=90&by=week"""
    return _page(request, Scope(), {"title": "Delivery"})


@requires(Permission.VIEW)
@require_safe
def of_team(request: HttpRequest, slug: str) -> HttpResponse:
    """GET /insights/delivery/teams/payments/"""
    team = identity_queries.team_by_slug(slug)
    about = {"title": f"Delivery of {team.name}", "team": team}
    return _page(request, Scope(team_id=team.id), about)


@requires(Permission.VIEW)
@require_safe
def of_service(request: HttpRequest, slug: str) -> HttpResponse:
    """GET /insights/delivery/services/checkout/"""
    service = catalog_queries.service_by_slug(slug)
    about = {"title": f"Delivery of {service.name}", "service": service}
    return _page(request, Scope(service_id=service.id), about)


@requires(Permission.VIEW)
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """GET /insights/delivery.csv: everything, each team, each service; unknown is empty."""
    period = contexts.asked_period(request)
    records = queries.delivery_records(Scope(), period)
    parts = queries.delivery_parts(records)
    rows = [
        _row("all", ("", "Everything", ""), queries.delivery_of(records)),
        *(_row("team", (one.slug, one.name, one.team), one.delivery) for one in parts.teams),
        *(_row("service", (one.slug, one.name, one.team), one.delivery) for one in parts.services),
    ]
    answer = HttpResponse(csv_text(COLUMNS, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="delivery.csv"'
    return answer


def _page(request: HttpRequest, scope: Scope, about: dict[str, object]) -> HttpResponse:
    """The measures of the whole; with `part` what is fetched by it.

    `harm` is downtime and incidents without a cause, `more` the trend and the tables.
    """
    period, step = contexts.asked_period(request), contexts.step_of(request.GET.dict())
    records, table_of = queries.delivery_records(scope, period), request.GET.get("table", "")
    context = {**about, "days": period.days, "step": step, "table_of": table_of}
    asked = request.GET.get("part", "")
    if asked == "harm":
        context["report"] = queries.delivery_report(records)
        return render(request, "insights/parts/harm.html", context)
    if asked == "more" or table_of:
        context["tables"] = _tables(request, queries.delivery_parts(records))
    if asked == "more":
        trend = queries.delivery_trend(records, step=step)
        context |= {"charts": contexts.charts_of(trend), "steps": contexts.STEPS}
        return render(request, "insights/parts/more.html", context)
    delivery = queries.delivery_of(records)
    context |= {
        "has_deploys": delivery.green is not None,
        "period": period,
        "figures": contexts.figures_of(delivery),
        "all_days": DAYS,
        "harm_url": f"?days={period.days}&by={step}&part=harm",
        "more_url": f"?days={period.days}&by={step}&part=more",
    }
    return render(request, "insights/delivery.html", context)


class Table(Struct, frozen=True, kw_only=True):
    """The busiest of the teams or services, or one page of all of them; `count` is how many."""

    kind: str
    page: Page[Part]
    count: int
    is_whole: bool


def _tables(request: HttpRequest, found: Parts) -> list[Table]:
    """Both tables with the busiest, or a page of the one that is asked for as a whole."""
    asked, cursor = request.GET.get("table", ""), request.GET.get("cursor")
    parts = {"team": found.teams, "service": found.services}
    if asked in parts:
        page = part(parts[asked], cursor=cursor)
        return [Table(kind=asked, page=page, count=len(parts[asked]), is_whole=True)]
    return [
        Table(
            kind=kind,
            page=part(all_of, cursor=None, size=BUSIEST),
            count=len(all_of),
            is_whole=False,
        )
        for kind, all_of in parts.items()
        if all_of
    ]


def _row(kind: str, named: tuple[str, str, str], one: Delivery) -> list[str]:
    """`named` are slug, name and team."""
    frequency = one.frequency
    return [
        kind,
        *named,
        str(one.deploys),
        str(frequency.days) if frequency else "",
        frequency.pace.value if frequency and frequency.pace else "",
        *_lengths(one.lead_time),
        _percent(one.fail_rate),
        _failed(one),
        *_lengths(one.recovery),
        _percent(one.rework),
        _percent(one.green),
    ]


def _failed(one: Delivery) -> str:
    return str(one.fail_rate.count) if one.fail_rate else ""


def _percent(one: Share | None) -> str:
    return f"{one.percent:.2f}" if one else ""


def _lengths(one: Distribution | None) -> tuple[str, str, str]:
    if one is None:
        return "", "", ""
    return str(one.n), f"{one.median.total_seconds():.0f}", f"{one.p90.total_seconds():.0f}"
