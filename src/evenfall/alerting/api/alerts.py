"""Alerts: list, one, why, acknowledge, resolve."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from evenfall.alerting import actions, queries
from evenfall.alerting.logic.states import AlertState, Move
from evenfall.alerting.logic.updates import Outcome, Severity, Urgency
from evenfall.alerting.queries import AlertFilter, AlertRow
from evenfall.catalog import queries as catalog_queries
from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now

router = Router()


class AlertOut(Schema):
    """`held_by` is ``silence:3``, ``maintenance:4``, ``alert:5`` or ``cause:5`` while it is held.

    The last two are alerts: its cause by an inhibition rule, and by what its service needs.
    ``wait:180`` pages when it is still open 180 seconds after it opened, because its rule says so.
    """

    id: int
    title: str
    state: AlertState
    severity: Severity
    environment: str
    outcome: Outcome
    urgency: Urgency
    held_by: str
    source: str
    labels: dict[str, str]
    count: int
    starts_at: datetime
    opened_at: datetime
    last_seen_at: datetime
    acknowledged_at: datetime | None
    resolved_at: datetime | None
    service_id: int | None
    service_slug: str
    team_id: int | None
    integration_id: int
    integration: str
    group_key: str
    dedup_key: str


class AlertsOut(Schema):
    items: list[AlertOut]
    next: str | None


class StageOut(Schema):
    stage: str
    result: str
    reason: str
    subject: str = ""


class AlertDetailOut(Schema):
    alert: AlertOut
    annotations: dict[str, str]
    details: dict[str, Any]
    decision: list[StageOut]
    decided_at: datetime
    expires_at: datetime | None
    acknowledged_by: str
    resolved_by: str
    resolve_reason: str
    unparsed: str


class MessageAttemptOut(Schema):
    """One try of a message; `took_s` is how long the provider took to answer, in seconds."""

    number: int
    via: str
    provider_id: str
    handed_over_at: datetime
    answered_at: datetime
    took_s: float
    accepted: bool
    delivered: bool | None
    """None until the provider reports."""
    reported_at: datetime | None
    detail: str
    cost: Decimal | None
    currency: str


class MessageAnswerOut(Schema):
    action: str
    at: datetime


class MessageOut(Schema):
    name: str
    channel: str
    state: str
    reason: str
    due_at: datetime
    sent_at: datetime | None
    done_at: datetime | None
    provider_id: str
    fallback_for_id: int | None
    attempts: list[MessageAttemptOut]
    answers: list[MessageAnswerOut]


class LineOut(Schema):
    at: datetime
    title: str
    why: str
    details: list[str]
    messages: list[MessageOut]
    stages: list[StageOut]


class RawOut(Schema):
    """`text` is null when the message is deleted by now, and cut at 20,000 characters."""

    id: int
    received_at: datetime | None
    format: str
    text: str | None
    is_cut: bool


class WhyOut(Schema):
    """Who was paged about an alert and why, or why nobody was: everything on one page."""

    verdict: str
    alert: AlertOut
    lines: list[LineOut]
    raw: RawOut | None
    incident_id: int | None
    page_ids: list[int]


class ManyAlertsIn(Schema):
    alert_ids: list[Annotated[int, Field(ge=1, lt=2**63)]] = Field(min_length=1, max_length=1000)
    act: Literal["acknowledge", "resolve"]
    reason: str = ""


class ManyAlertsOut(Schema):
    """`refused` are of teams that whoever asks does not respond for.

    `act_id` takes it back within an hour; null where nothing was changed.
    """

    done: int
    refused: int
    act_id: int | None


class ManyTakenBackOut(Schema):
    """`left` counts those that stay as they are by the reason: *changed* since by somebody or their
    source, *over* by now, open *again* as another alert, *not_yours* (of teams that whoever asks
    does not respond for), *gone* (not kept any more).
    """

    done: int
    left: dict[str, int]


class ReasonIn(Schema):
    reason: str = ""


@router.get("/alerts", response=AlertsOut, auth=api_auth(Permission.VIEW))
def list_alerts(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    state: Literal["live", "open", "acknowledged", "resolved", "all"] = "live",
    severity: Severity | None = None,
    outcome: Outcome | None = None,
    environment: str = "",
    service: str = "",
    team_id: int | None = None,
    integration_id: int | None = None,
    text: str = "",
    cursor: str | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """Alerts, newest first; `service` is a slug, `text` is looked for in title, source, labels."""
    wanted = AlertFilter(
        state=state,
        severity=severity or "",
        outcome=outcome or "",
        environment=environment,
        service_id=catalog_queries.service_by_slug(service).id if service else None,
        team_id=team_id,
        integration_id=integration_id,
        text=text.strip()[:200],
    )
    page = queries.alerts_page(wanted, cursor=cursor, size=limit)
    return {"items": page.items, "next": page.next_cursor}


@router.post("/alerts/many", response=ManyAlertsOut, auth=api_auth(Permission.RESPOND))
def act_on_many_alerts(request: HttpRequest, body: ManyAlertsIn) -> dict[str, Any]:
    """Acknowledge or resolve up to 1,000 alerts at once; those of other teams are left out."""
    viewer, now = viewer_of(request), utc_now()
    chosen = queries.chosen_alerts(viewer, ids=body.alert_ids)
    done = actions.act_on_alerts(
        act=Move(body.act),
        alert_ids=chosen.ids,
        now=now,
        actor=viewer.actor,
        reason=body.reason[:500],
    )
    return {"done": done.count, "refused": chosen.refused, "act_id": done.id}


@router.post(
    "/alerts/many/{int:act_id}/undo",
    response=ManyTakenBackOut,
    auth=api_auth(Permission.RESPOND),
)
def take_back_many_alerts(request: HttpRequest, act_id: int) -> dict[str, Any]:
    """Take back within an hour what was done to many alerts, where nobody changed it since.

    People are called again for what is nobody's then.
    """
    done = actions.take_back_act(act_id=act_id, viewer=viewer_of(request), now=utc_now())
    return {"done": done.count, "left": {why.value: count for why, count in done.left.items()}}


@router.get("/alerts/{int:alert_id}", response=AlertDetailOut, auth=api_auth(Permission.VIEW))
def get_alert(request: HttpRequest, alert_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    view = queries.alert(alert_id)
    return {
        "alert": view.row,
        "annotations": view.annotations,
        "details": view.details,
        "decision": view.decision,
        "decided_at": view.decided_at,
        "expires_at": view.expires_at,
        "acknowledged_by": view.acknowledged_by,
        "resolved_by": view.resolved_by,
        "resolve_reason": view.resolve_reason,
        "unparsed": view.unparsed,
    }


@router.get("/alerts/{int:alert_id}/why", response=WhyOut, auth=api_auth(Permission.VIEW))
def why(request: HttpRequest, alert_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """The whole life of an alert, with a reason for every page and every non-page."""
    story = queries.alert_story(alert_id)
    return {
        "verdict": story.verdict,
        "alert": story.alert.row,
        "lines": story.lines,
        "raw": story.raw,
        "incident_id": story.incident_id,
        "page_ids": story.page_ids,
    }


@router.post(
    "/alerts/{int:alert_id}/acknowledge", response=AlertOut, auth=api_auth(Permission.RESPOND)
)
def acknowledge_alert(request: HttpRequest, alert_id: int) -> AlertRow:
    viewer = viewer_of(request)
    viewer.check(Permission.RESPOND, team_id=queries.alert(alert_id).row.team_id)
    actions.acknowledge_alert(alert_id=alert_id, now=utc_now(), actor=viewer.actor)
    return queries.alert(alert_id).row


@router.post("/alerts/{int:alert_id}/resolve", response=AlertOut, auth=api_auth(Permission.RESPOND))
def resolve_alert(request: HttpRequest, alert_id: int, body: ReasonIn | None = None) -> AlertRow:
    viewer = viewer_of(request)
    viewer.check(Permission.RESPOND, team_id=queries.alert(alert_id).row.team_id)
    actions.resolve_alert(
        alert_id=alert_id,
        now=utc_now(),
        actor=viewer.actor,
        reason=body.reason[:500] if body else "",
    )
    return queries.alert(alert_id).row
