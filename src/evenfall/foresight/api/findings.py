"""Findings over the API."""

from typing import Any

from django.http import HttpRequest

from evenfall.foresight import actions, queries
from evenfall.foresight.api.routing import router
from evenfall.foresight.api.schemas import (
    DismissalIn,
    MendOut,
    ReachFindingOut,
    ReachFindingsOut,
    TakenBackOut,
)
from evenfall.foresight.contexts import mender_of, owner_of
from evenfall.foresight.logic.kinds import Check
from evenfall.foresight.queries import FindingFilter
from evenfall.identity.access import api_auth
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now

_ONE = "/findings/{int:finding_id}"


@router.get("/findings", response=ReachFindingsOut, auth=api_auth(Permission.VIEW))
def list_findings(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    team_id: int | None = None,
    check: Check | None = None,
    dismissed: bool = False,  # noqa: FBT001, FBT002 - a word of the address
) -> dict[str, Any]:
    """What would keep a page from reaching anybody, the heaviest first."""
    asked = FindingFilter(team_id=team_id, check=check, is_dismissed=dismissed)
    return {
        "items": queries.findings(asked, today=utc_now().date()),
        "looked_at": queries.last_look(),
    }


@router.post("/findings/look", response=ReachFindingsOut, auth=api_auth(Permission.MANAGE))
def look_for_findings(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """Look at everything now, and return what there is."""
    now = utc_now()
    actions.lint(now=now, tells=False)
    return {"items": queries.findings(FindingFilter(), today=now.date()), "looked_at": now}


@router.post(f"{_ONE}/mend", response=MendOut, auth=api_auth(Permission.OWN))
def mend_finding(request: HttpRequest, finding_id: int) -> dict[str, str]:
    """Do what `offered` says, and close it. Whoever could do it by hand may."""
    viewer = mender_of(request, finding_id)
    done = actions.mend(finding_id=finding_id, now=utc_now(), actor=viewer.actor)
    return {"done": done}


@router.delete(f"{_ONE}/mend", response=TakenBackOut, auth=api_auth(Permission.OWN))
def take_back_mend(request: HttpRequest, finding_id: int) -> dict[str, bool]:
    """Take back what mending it did."""
    viewer = mender_of(request, finding_id)
    was_there = actions.take_back(finding_id=finding_id, now=utc_now(), actor=viewer.actor)
    return {"was_there": was_there}


@router.post(f"{_ONE}/dismissal", response=ReachFindingOut, auth=api_auth(Permission.RESPOND))
def dismiss_finding(
    request: HttpRequest, finding_id: int, body: DismissalIn
) -> queries.FindingView:
    """Let it rest until a day, with a reason."""
    viewer = owner_of(request, finding_id)
    actions.dismiss(
        finding_id=finding_id,
        until=body.until,
        reason=body.reason,
        now=utc_now(),
        actor=viewer.actor,
    )
    return queries.finding(finding_id)


@router.delete(f"{_ONE}/dismissal", response=ReachFindingOut, auth=api_auth(Permission.RESPOND))
def restore_finding(request: HttpRequest, finding_id: int) -> queries.FindingView:
    """Let it count again."""
    viewer = owner_of(request, finding_id)
    actions.restore(finding_id=finding_id, now=utc_now(), actor=viewer.actor)
    return queries.finding(finding_id)
