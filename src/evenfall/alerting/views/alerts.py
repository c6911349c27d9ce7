"""Alerts: the list, and the page that says why."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from evenfall.alerting import actions, queries
from evenfall.alerting.logic.updates import Outcome, Severity
from evenfall.alerting.queries import AlertFilter
from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.ports import Environment
from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now

STATES = ("live", "open", "acknowledged", "resolved", "all")


@requires(Permission.VIEW)
@require_GET
def alert_list(request: HttpRequest) -> HttpResponse:
    """The whole page, or for htmx only the list."""
    wanted = _filter(request)
    page = queries.alerts_page(wanted, cursor=request.GET.get("cursor"))
    context = {
        "page": page,
        "wanted": wanted,
        "query": request.GET.urlencode(),
        "is_filtered": wanted != AlertFilter(state=wanted.state),
    }
    if request.GET.get("part") == "list":
        return render(request, "alerting/alert_rows.html", context)
    context |= {
        "states": STATES,
        "counts": queries.live_counts(),
        "severities": [severity.value for severity in Severity],
        "outcomes": [outcome.value for outcome in Outcome],
        "environments": [environment.value for environment in Environment],
        "services": list(catalog_queries.services().values()),
        "teams": identity_queries.teams(),
    }
    return render(request, "alerting/alerts.html", context)


def _filter(request: HttpRequest) -> AlertFilter:
    given = request.GET
    state = given.get("state", "")
    return AlertFilter(
        state=state if state in STATES else "live",
        severity=given.get("severity", ""),
        outcome=given.get("outcome", ""),
        environment=given.get("environment", ""),
        service_id=_number(given.get("service", "")),
        team_id=_number(given.get("team", "")),
        integration_id=_number(given.get("integration", "")),
        text=given.get("q", "").strip()[:200],
    )


def _number(text: str) -> int | None:
    # more digits than a bigint has would be an error of the database
    return int(text) if text.isdecimal() and len(text) < len(str(2**63)) else None


@requires(Permission.VIEW)
@require_GET
def alert(request: HttpRequest, alert_id: int) -> HttpResponse:
    """The why-page."""
    story = queries.alert_story(alert_id)
    row = story.alert.row
    may_act = viewer_of(request).can(Permission.RESPOND, team_id=row.team_id)
    context = {
        "story": story,
        "alert": story.alert,
        "row": row,
        "may_act": may_act,
        "cause": queries.awaited(row),
        "around": queries.surroundings(row),
        "ending": queries.ending_soon(row.id) if row.state != "resolved" else None,
    }
    part = request.GET.get("part") == "life"
    return render(request, f"alerting/{'alert_life' if part else 'alert'}.html", context)


@requires(Permission.RESPOND)
@require_POST
def acknowledge(request: HttpRequest, alert_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    viewer.check(Permission.RESPOND, team_id=queries.alert(alert_id).row.team_id)
    actions.acknowledge_alert(alert_id=alert_id, now=utc_now(), actor=viewer.actor)
    messages.success(request, "Acknowledged.")
    return redirect("alerting:alert", alert_id)


@requires(Permission.RESPOND)
@require_POST
def resolve(request: HttpRequest, alert_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    viewer.check(Permission.RESPOND, team_id=queries.alert(alert_id).row.team_id)
    actions.resolve_alert(alert_id=alert_id, now=utc_now(), actor=viewer.actor)
    messages.success(request, "Resolved.")
    return redirect("alerting:alert", alert_id)
