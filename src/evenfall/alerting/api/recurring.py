"""Maintenance that comes back."""

from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from evenfall.alerting import actions, queries
from evenfall.alerting.actions import RecurringDraft
from evenfall.alerting.api.quiet import MatcherSchema, matchers_of
from evenfall.alerting.logic.matchers import to_json
from evenfall.alerting.logic.recurring import LONGEST, MOST_EXCEPTIONS, MOST_RULE
from evenfall.alerting.queries import RecurringView
from evenfall.catalog.ports import Environment
from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.platform.clock import utc_now
from evenfall.platform.wire import WallTime

router = Router()
_LONGEST = int(LONGEST.total_seconds() // 60)


class NextWindowOut(Schema):
    """`is_off`: somebody called this one off, or ended it early."""

    starts_at: datetime
    ends_at: datetime
    is_off: bool


class RecurringMaintenanceOut(Schema):
    """Days and times are on the wall of `zone`; `next` are the next five windows.

    `version` grows with each change.
    """

    id: int
    name: str
    rule: str
    begins_on: date
    begins_at: WallTime
    length_minutes: int
    zone: str
    exceptions: list[date]
    last_on: date | None
    service_ids: list[int]
    environments: list[str]
    matchers: list[MatcherSchema]
    created_at: datetime
    created_by_name: str
    ended_at: datetime | None
    next: list[NextWindowOut]
    version: int


class RecurringMaintenancesOut(Schema):
    items: list[RecurringMaintenanceOut]
    next: str | None


class RecurringMaintenanceIn(Schema):
    """`rule` is an RRULE without its start, such as ``FREQ=WEEKLY;BYDAY=SU``."""

    name: str = Field(max_length=120)
    rule: str = Field(max_length=MOST_RULE)
    begins_on: date
    begins_at: WallTime
    length_minutes: int = Field(ge=1, le=_LONGEST)
    zone: str = Field(max_length=60)
    exceptions: list[date] = Field(default_factory=list, max_length=MOST_EXCEPTIONS)
    last_on: date | None = None
    service_ids: list[int] = Field(default_factory=list, max_length=500)
    environments: list[Environment] = Field(default_factory=list)
    matchers: list[MatcherSchema] = Field(default_factory=list, max_length=50)


class RecurringMaintenanceChangeIn(RecurringMaintenanceIn):
    version: int | None = Field(default=None, ge=1, le=2**31 - 1)
    """The version it was made from: 409 when there is a newer one."""


def _out(view: RecurringView) -> dict[str, Any]:
    names = RecurringMaintenanceOut.model_fields.keys() - {"matchers"}
    return {**{name: getattr(view, name) for name in names}, "matchers": to_json(view.matchers)}


@router.get(
    "/maintenance/recurring", response=RecurringMaintenancesOut, auth=api_auth(Permission.VIEW)
)
def list_recurring(request: HttpRequest, cursor: str | None = None) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """What comes back, by name."""
    page = queries.recurring_page(now=utc_now(), cursor=cursor)
    return {"items": [_out(view) for view in page.items], "next": page.next_cursor}


@router.post(
    "/maintenance/recurring",
    response={201: RecurringMaintenanceOut},
    auth=api_auth(Permission.RESPOND),
)
def create_recurring(request: HttpRequest, body: RecurringMaintenanceIn) -> Status[dict[str, Any]]:
    viewer, now = viewer_of(request), utc_now()
    draft = _draft(viewer, body)
    number = actions.create_recurring(draft=draft, by_name=viewer.name, now=now, actor=viewer.actor)
    return Status(201, _out(queries.recurring_maintenance(number, now=now)))


def _draft(viewer: Viewer, body: RecurringMaintenanceIn) -> RecurringDraft:
    """Raises ReachesOtherTeams."""
    matchers = matchers_of(body.matchers)
    queries.check_quiet(viewer, matchers=matchers, service_ids=set(body.service_ids))
    return RecurringDraft(
        name=body.name,
        rule=body.rule,
        begins_on=body.begins_on,
        begins_at=body.begins_at,
        length=timedelta(minutes=body.length_minutes),
        zone=body.zone,
        exceptions=body.exceptions,
        last_on=body.last_on,
        service_ids=body.service_ids,
        environments=[one.value for one in body.environments],
        matchers=matchers,
    )


@router.put(
    "/maintenance/recurring/{int:recurring_id}",
    response=RecurringMaintenanceOut,
    auth=api_auth(Permission.RESPOND),
)
def change_recurring(
    request: HttpRequest, recurring_id: int, body: RecurringMaintenanceChangeIn
) -> dict[str, Any]:
    """Change it from its next time on; a window that is going on goes on as it is."""
    viewer, now = viewer_of(request), utc_now()
    known = queries.recurring_maintenance(recurring_id, now=now)
    queries.check_quiet(viewer, matchers=known.matchers, service_ids=known.service_ids)
    actions.change_recurring(
        recurring_id=recurring_id,
        draft=_draft(viewer, body),
        now=now,
        actor=viewer.actor,
        version=body.version,
    )
    return _out(queries.recurring_maintenance(recurring_id, now=now))


@router.post(
    "/maintenance/recurring/{int:recurring_id}/end",
    response=RecurringMaintenanceOut,
    auth=api_auth(Permission.RESPOND),
)
def end_recurring(request: HttpRequest, recurring_id: int) -> dict[str, Any]:
    """Let it not come back; a window that is going on goes on."""
    viewer, now = viewer_of(request), utc_now()
    known = queries.recurring_maintenance(recurring_id, now=now)
    queries.check_quiet(viewer, matchers=known.matchers, service_ids=known.service_ids)
    actions.end_recurring(recurring_id=recurring_id, now=now, actor=viewer.actor)
    return _out(queries.recurring_maintenance(recurring_id, now=now))
