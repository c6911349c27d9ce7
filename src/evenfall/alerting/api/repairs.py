"""Automatic repairs."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from evenfall.alerting import actions, queries
from evenfall.alerting.logic.repairs import RepairState
from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now

router = Router()


class RepairOut(Schema):
    """`run_id` is null when no runbook was started; `why` tells how it stands."""

    id: int
    alert_id: int
    title: str
    runbook_id: int | None
    runbook: str
    rule_name: str
    run_id: int | None
    state: RepairState
    why: str
    planned_at: datetime
    started_at: datetime | None
    ran_at: datetime | None
    ended_at: datetime | None
    due_at: datetime | None


class RepairsOut(Schema):
    items: list[RepairOut]
    next: str | None


class RepairLimitsOut(Schema):
    is_on: bool
    most_at_once: int
    under_way: int


class RepairLimitsIn(Schema):
    is_on: bool
    most_at_once: int = Field(ge=1, le=50)


@router.get("/repairs", response=RepairsOut, auth=api_auth(Permission.VIEW))
def list_repairs(request: HttpRequest, cursor: str | None = None) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """What was started for alerts instead of calling somebody, newest first."""
    page = queries.repairs_page(cursor=cursor)
    return {"items": page.items, "next": page.next_cursor}


@router.get("/repairs/limits", response=RepairLimitsOut, auth=api_auth(Permission.VIEW))
def repair_limits(request: HttpRequest) -> queries.RepairLimitsView:  # noqa: ARG001 - ninja passes it
    """What all repairs keep to."""
    return queries.repair_limits()


@router.put("/repairs/limits", response=RepairLimitsOut, auth=api_auth(Permission.ADMINISTER))
def set_repair_limits(request: HttpRequest, body: RepairLimitsIn) -> queries.RepairLimitsView:
    """Switch automatic repairs on or off, and say how many there may be at once."""
    viewer = viewer_of(request)
    viewer.check(Permission.ADMINISTER)
    actions.set_repair_limits(
        is_on=body.is_on, most_at_once=body.most_at_once, now=utc_now(), actor=viewer.actor
    )
    return queries.repair_limits()
