"""The queue, the board, and how promises were kept."""

from datetime import timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.platform.pages import part
from evenfall.platform.tables import csv_text
from evenfall.triage import contexts, queries
from evenfall.triage.logic.priority import Priority, matrix
from evenfall.triage.logic.states import EXITS, OPEN, State
from evenfall.triage.queries import Filters

WEEKS = (4, 13, 52)
SHOWN = 25
"""Items of the queue at a time: the order is by worth, and each has four clocks to be measured."""
FLOW_HEADER = ("monday", "reported", "ended", "open")


@requires(Permission.VIEW)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """GET /triage/: what waits, what is worth most first."""
    now, filters = utc_now(), contexts.filters_of(request.GET.dict())
    cursor = request.GET.get("cursor")
    is_whole = filters == Filters(team_id=filters.team_id)
    if is_whole and filters.team_id is not None:
        # what fits this week is only known with all that the team has
        items = queries.queue(filters, now=now)
        fit = contexts.fit_of(items, filters.team_id, now=now)
        page = part(items, cursor=cursor, size=SHOWN)
    else:
        fit, page = None, queries.queue_page(filters, now=now, cursor=cursor, size=SHOWN)
    viewer = viewer_of(request)
    context = {
        "page": page,
        "lines": contexts.queue_lines(page.items, fit),
        "fit": fit,
        "capacity": queries.capacity(filters.team_id) if filters.team_id else None,
        "filters": filters,
        "is_filtered": filters != Filters(),
        "matrix": matrix(),
        "teams": identity_queries.teams(),
        "priorities": list(Priority),
        "states": [(one, name) for one, name in contexts.STATE_NAMES.items() if one in OPEN],
        "may_report": viewer.can_somewhere(Permission.FOLLOW),
        "address": request.get_full_path(),
    }
    return render(request, "triage/queue.html", context)


@requires(Permission.VIEW)
@require_safe
def ended(request: HttpRequest) -> HttpResponse:
    """GET /triage/ended/?state=duplicate: what is done, or left at the side."""
    filters = contexts.filters_of(request.GET.dict())
    page = queries.ended(filters, now=utc_now(), cursor=request.GET.get("cursor"))
    context = {
        "page": page,
        "filters": filters,
        "is_filtered": filters != Filters(),
        "states": [(one, contexts.STATE_NAMES[one]) for one in (State.DONE, *EXITS)],
    }
    return render(request, "triage/ended.html", context)


@requires(Permission.VIEW)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """GET /triage/board/?team=3: the lanes of one team."""
    team_id = contexts.team_of(request.GET.dict(), viewer_of(request))
    if team_id is None:
        return redirect("triage:queue")
    context = {
        "team": identity_queries.team(team_id),
        "teams": identity_queries.teams(),
        "lanes": contexts.board(team_id, now=utc_now()),
        "may_manage": viewer_of(request).can(Permission.MANAGE, team_id=team_id),
        "address": request.get_full_path(),
    }
    return render(request, "triage/board.html", context)


@requires(Permission.VIEW)
@require_safe
def week(request: HttpRequest) -> HttpResponse:
    """GET /triage/week/?team=3: who has how many hours, and what fits into them."""
    viewer = viewer_of(request)
    team_id = contexts.team_of(request.GET.dict(), viewer)
    if team_id is None:
        return redirect("triage:queue")
    context = {
        "team": identity_queries.team(team_id),
        "teams": identity_queries.teams(),
        "week": contexts.week_of(team_id, now=utc_now()),
        "may_manage": viewer.can(Permission.MANAGE, team_id=team_id),
    }
    return render(request, "triage/week.html", context)


@requires(Permission.VIEW)
@require_safe
def kept(request: HttpRequest) -> HttpResponse:
    """GET /triage/kept/?weeks=13&team=3: promises kept and broken; format=csv or flow.csv."""
    now, filters = utc_now(), contexts.filters_of(request.GET.dict())
    asked = request.GET.get("weeks", "")
    weeks = next((one for one in WEEKS if str(one) == asked), WEEKS[1])
    found = queries.report(
        team_id=filters.team_id, since=now - timedelta(weeks=weeks), until=now, now=now
    )
    weekly = queries.flow(team_id=filters.team_id, since=found.since, until=now)
    wanted = request.GET.get("format")
    if wanted == "csv":
        return _csv(csv_text(queries.LINE_HEADER, queries.line_rows(found)), "promises.csv")
    if wanted == "flow.csv":
        return _csv(csv_text(FLOW_HEADER, queries.flow_rows(weekly)), "flow.csv")
    context = {
        "found": found,
        "flow": weekly,
        "ages": queries.ages(team_id=filters.team_id, now=now),
        "query": urlencode({"weeks": weeks, "team": filters.team_id or ""}),
        "lines": [(contexts.CLOCK_NAMES[line.kind], line) for line in found.lines],
        "weeks": weeks,
        "windows": WEEKS,
        "filters": filters,
        "teams": identity_queries.teams(),
    }
    return render(request, "triage/kept.html", context)


def _csv(text: str, name: str) -> HttpResponse:
    answer = HttpResponse(text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
