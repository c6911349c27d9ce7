"""The ledger and the report."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires
from evenfall.identity.permissions import Permission
from evenfall.patterns import contexts, queries
from evenfall.patterns.contexts import TONES
from evenfall.patterns.logic.quarters import quarter_of, read_quarter
from evenfall.patterns.logic.states import State
from evenfall.platform.clock import utc_now
from evenfall.platform.tables import csv_text


@requires(Permission.VIEW)
@require_safe
def pattern_list(request: HttpRequest) -> HttpResponse:
    """GET /patterns/?state=suspected&team=3&q=disk."""
    filters = contexts.filters_of(request.GET.dict())
    page = queries.patterns_page(filters, cursor=request.GET.get("cursor"))
    counts = queries.state_counts()
    context = {
        "page": page,
        "lines": [(one, TONES[one.state]) for one in page.items],
        "filters": filters,
        "is_filtered": filters != queries.PatternFilters(),
        "states": [(state, counts[state]) for state in State],
        "teams": identity_queries.teams(),
        "reading": queries.reading_state(),
    }
    return render(request, "patterns/list.html", context)


@requires(Permission.VIEW)
@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """GET /patterns/report/?quarter=2026-Q4 or ?release=checkout+1.4.2, and format=csv."""
    asked = request.GET
    quarter = read_quarter(asked.get("quarter", "")) or quarter_of(utc_now())
    release = asked.get("release", "").replace("\0", "").strip()[:80]
    team_id = contexts.number_of(asked.get("team", ""))
    if release:
        found = queries.top_of_release(release, team_id=team_id)
    else:
        found = queries.top_of_quarter(quarter, team_id=team_id)
    if asked.get("format") == "csv":
        rows = queries.report_rows(found, release or str(quarter))
        return _csv(csv_text(queries.REPORT_HEADER, rows), "patterns.csv")
    context = {
        "found": [(one, TONES[one.pattern.state]) for one in found],
        "quarter": quarter,
        "release": release,
        "team_id": team_id,
        "teams": identity_queries.teams(),
        "releases": [] if release else queries.releases_of(quarter),
        "query": asked.urlencode(),
    }
    return render(request, "patterns/report.html", context)


def _csv(text: str, name: str) -> HttpResponse:
    answer = HttpResponse(text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
