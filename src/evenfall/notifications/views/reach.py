"""How well messages get through: the report of all providers, and of the people of a team."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.notifications.logic.reach_chart import chart
from evenfall.notifications.queries import rates
from evenfall.notifications.queries.rates import Rate
from evenfall.platform.clock import utc_now

_HEAD: Final = (
    *("name", "kind", "provider", "sent", "accepted", "delivered", "failed"),
    *("accept_median_s", "accept_p95_s", "deliver_median_s", "deliver_p95_s"),
)


@requires(Permission.VIEW)
@require_GET
def reach(request: HttpRequest) -> HttpResponse:
    """Each channel and provider."""
    days = _days(request)
    found = rates.provider_rates(now=utc_now(), days=days)
    if request.GET.get("format") == "csv":
        return _csv([("", rate) for rate in found], f"reach-{days}-days.csv")
    context = {
        **_common(days, found),
        "teams": _managed_teams(viewer_of(request)),
    }
    return render(request, "notifications/reach.html", context)


@requires(Permission.MANAGE)
@require_GET
def team_reach(request: HttpRequest, team_id: int) -> HttpResponse:
    """Each person of a team, over each channel."""
    team, days = identity_queries.team(team_id), _days(request)
    viewer_of(request).check(Permission.MANAGE, team_id=team_id)
    people = [member.person for member in identity_queries.team_members(team_id)]
    found = rates.person_rates([person.id for person in people], now=utc_now(), days=days)
    lines = [(person.name, rate) for person in people for rate in found.get(person.id, ())]
    if request.GET.get("format") == "csv":
        return _csv(lines, f"reach-{team.slug}-{days}-days.csv")
    context = {
        **_common(days, [rate for _, rate in lines]),
        "team": team,
        "lines": lines,
        "unreached": [person for person in people if person.id not in found],
    }
    return render(request, "notifications/team_reach.html", context)


def _common(days: int, found: list[Rate]) -> dict[str, Any]:
    return {"days": days, "windows": rates.DAYS, "rates": found, "chart": chart(found)}


def _days(request: HttpRequest) -> int:
    asked = request.GET.get("days", "")
    return next((days for days in rates.DAYS if str(days) == asked), rates.DAYS[0])


def _managed_teams(viewer: Viewer) -> list[identity_queries.TeamView]:
    return [
        team for team in identity_queries.teams() if viewer.can(Permission.MANAGE, team_id=team.id)
    ]


def _csv(lines: Iterable[tuple[str, Rate]], name: str) -> HttpResponse:
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    csv.writer(answer).writerows([_HEAD, *_table(lines)])
    return answer


def _table(lines: Iterable[tuple[str, Rate]]) -> Iterator[tuple[object, ...]]:
    for name, rate in lines:
        yield (
            *(_harmless(name or rate.name), rate.kind, _harmless(rate.via), rate.sent),
            *(rate.accepted, rate.delivered, rate.failed, rate.accept_median_s),
            *(rate.accept_p95_s, rate.deliver_median_s, rate.deliver_p95_s),
        )


def _harmless(text: str) -> str:
    """A name that a spreadsheet does not take for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@"} else text
