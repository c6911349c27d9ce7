"""Alerts: the list, and the page that says why."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from evenfall.alerting import actions, queries
from evenfall.alerting.logic import taking_back
from evenfall.alerting.logic.states import Move
from evenfall.alerting.logic.updates import Outcome, Severity
from evenfall.alerting.queries import AlertFilter, Chosen
from evenfall.alerting.views.quiet import UNDO
from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.ports import Environment
from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.platform.errors import DomainError

_MOST_NAMED = 100
UNDO_MANY = "alerting_undo_many"
_DONE = {Move.RESOLVE: "Resolved", Move.ACKNOWLEDGE: "Acknowledged"}
STATES = ("live", "open", "acknowledged", "resolved", "all")


@requires(Permission.VIEW)
@require_GET
def alert_list(request: HttpRequest) -> HttpResponse:
    """The whole page, or for htmx only the list."""
    wanted = _wanted(request.GET)
    page = queries.alerts_page(wanted, cursor=request.GET.get("cursor"))
    context = {
        "page": page,
        "may_act": viewer_of(request).can_somewhere(Permission.RESPOND),
        "wanted": wanted,
        "query": request.GET.urlencode(),
        "is_filtered": wanted != AlertFilter(state=wanted.state),
    }
    if request.GET.get("part") == "list":
        return render(request, "alerting/alert_rows.html", context)
    context |= {
        "undo_silence": request.session.pop(UNDO, None),
        "undo_many": request.session.pop(UNDO_MANY, None),
        "states": STATES,
        "counts": queries.live_counts(),
        "severities": [severity.value for severity in Severity],
        "outcomes": [outcome.value for outcome in Outcome],
        "environments": [environment.value for environment in Environment],
        "services": list(catalog_queries.services().values()),
        "teams": identity_queries.teams(),
    }
    return render(request, "alerting/alerts.html", context)


def _wanted(given: QueryDict) -> AlertFilter:
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


@requires(Permission.RESPOND)
@require_POST
def act_on_many(request: HttpRequest) -> HttpResponse:
    """Acknowledge, resolve or silence those that were ticked, or all that fit the filter.

    What was acknowledged or resolved can be taken back where it is told.
    """
    viewer, now, asked = viewer_of(request), utc_now(), request.POST
    back = f"{reverse('alerting:alerts')}?{asked.get('query', '')[:2000]}"
    ids = [number for text in asked.getlist("alert") if (number := _number(text))]
    wanted = _wanted(QueryDict(asked.get("query", ""))) if "all" in asked else None
    if not ids and wanted is None:
        messages.error(request, "Tick the alerts first.")
        return redirect(back)
    chosen = queries.chosen_alerts(viewer, ids=ids, wanted=wanted)
    if asked.get("act") == "silence":
        listed = ",".join(map(str, chosen.ids[:_MOST_NAMED]))
        return redirect(f"{reverse('alerting:new_silence')}?alerts={listed}")
    act = Move.RESOLVE if asked.get("act") == "resolve" else Move.ACKNOWLEDGE
    done = actions.act_on_alerts(act=act, alert_ids=chosen.ids, now=now, actor=viewer.actor)
    said = f"{_DONE[act]}: {done.count} alert{'' if done.count == 1 else 's'}."
    if done.id is None:
        messages.info(request, f"Nothing changed: {_why_nothing(act, chosen)}{_left_over(chosen)}")
    else:
        request.session[UNDO_MANY] = {"id": done.id, "said": f"{said}{_left_over(chosen)}"}
    return redirect(back)


@requires(Permission.RESPOND)
@require_POST
def take_back(request: HttpRequest, act_id: int) -> HttpResponse:
    """POST /alerts/many/7/undo/: as it was before, where nobody changed it since."""
    viewer = viewer_of(request)
    try:
        done = actions.take_back_act(act_id=act_id, viewer=viewer, now=utc_now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        word = "alert is" if done.count == 1 else "alerts are"
        said = f"{done.count} {word} as before.{taking_back.said(done.left.items())}"
        (messages.success if done.count else messages.warning)(request, said)
    return redirect(f"{reverse('alerting:alerts')}?{request.POST.get('query', '')[:2000]}")


def _why_nothing(act: Move, chosen: Chosen) -> str:
    if not chosen.ids:
        return "none of these alerts is open that is yours to answer."
    return "they are over." if act is Move.RESOLVE else "somebody knows of all of them already."


def _left_over(chosen: Chosen) -> str:
    refused = f" {chosen.refused} are of teams you do not respond for." if chosen.refused else ""
    return refused + (" More fit the filter: do it once more." if chosen.has_more else "")


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
