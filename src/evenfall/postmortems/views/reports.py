"""How promises are kept, as a page and as rows for a spreadsheet."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.platform.tables import csv_text
from evenfall.postmortems import queries
from evenfall.postmortems.contexts import number_of


@requires(Permission.VIEW)
@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """GET /actions/report/?team=3: by owner, class and age."""
    team_id, now = number_of(request.GET.get("team", "")), utc_now()
    context = {
        "report": queries.action_report(now=now, team_id=team_id),
        "keeping": queries.action_keeping(now=now, team_id=team_id),
        "teams": identity_queries.teams(),
        "team_id": team_id,
    }
    return render(request, "postmortems/action_report.html", context)


@requires(Permission.VIEW)
@require_safe
def as_csv(request: HttpRequest) -> HttpResponse:
    """GET /actions/report.csv?team=3: every action, one line each; times are UTC."""
    team_id = number_of(request.GET.get("team", ""))
    rows = queries.action_rows(now=utc_now(), team_id=team_id)
    answer = HttpResponse(csv_text(queries.CSV_HEAD, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="actions.csv"'
    return answer
