"""What is reported to monitors over the API: backups, drills, states."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from evenfall.identity.access import api_auth
from evenfall.identity.permissions import Permission
from evenfall.monitors import actions, errors, queries
from evenfall.monitors.actions import BackupWish, DrillWish
from evenfall.monitors.api import schemas
from evenfall.monitors.contexts import answered, managed
from evenfall.monitors.queries import BackupLine, DriftView, DrillLine
from evenfall.platform.clock import utc_now

router = Router(tags=["monitors"])
_VIEW = api_auth(Permission.VIEW)
_RESPOND = api_auth(Permission.RESPOND)
_MANAGE = api_auth(Permission.MANAGE)
_ONE = "/monitors/{int:monitor_id}"


@router.get(f"{_ONE}/backups", response=schemas.BackupsOut, auth=_VIEW)
def list_backups(request: HttpRequest, monitor_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """The newest sixty."""
    return {"items": queries.backups(queries.monitor(monitor_id).id)}


@router.post(f"{_ONE}/backups", response={201: schemas.BackupOut}, auth=_RESPOND)
def report_backup(
    request: HttpRequest, monitor_id: int, body: schemas.BackupIn
) -> Status[BackupLine]:
    """Report a backup. The same one again is there once."""
    viewer, _ = answered(request, monitor_id)
    number = actions.report_backup(
        monitor_id=monitor_id,
        wish=BackupWish(**body.model_dump()),
        now=utc_now(),
        actor=viewer.actor,
    )
    return Status(201, queries.backup(number))


@router.get(f"{_ONE}/drills", response=schemas.DrillsOut, auth=_VIEW)
def list_drills(request: HttpRequest, monitor_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """The newest thirty restores that were tried."""
    return {"items": queries.drills(queries.monitor(monitor_id).id)}


@router.post(f"{_ONE}/drills", response={201: schemas.DrillOut}, auth=_RESPOND)
def report_drill(request: HttpRequest, monitor_id: int, body: schemas.DrillIn) -> Status[DrillLine]:
    """Report a restore that was tried and ended just now."""
    viewer, _ = answered(request, monitor_id)
    number = actions.report_drill(
        monitor_id=monitor_id,
        wish=DrillWish(**body.model_dump()),
        now=utc_now(),
        actor=viewer.actor,
    )
    return Status(201, queries.drill(number))


@router.get(f"{_ONE}/drift", response=schemas.DriftOut, auth=_VIEW)
def get_drift(request: HttpRequest, monitor_id: int) -> DriftView:  # noqa: ARG001 - ninja passes it
    """What differs from what was declared."""
    return _drift(monitor_id)


@router.post(f"{_ONE}/drift/live", response=schemas.DriftOut, auth=_RESPOND)
def report_live_state(
    request: HttpRequest, monitor_id: int, body: schemas.LiveStateIn
) -> DriftView:
    """Report what is, and get how it differs from what was declared."""
    viewer, _ = answered(request, monitor_id)
    actions.report_live(monitor_id=monitor_id, text=body.text, now=utc_now(), actor=viewer.actor)
    return _drift(monitor_id)


@router.put(f"{_ONE}/drift/declared", response=schemas.DriftOut, auth=_MANAGE)
def declare_state(
    request: HttpRequest, monitor_id: int, body: schemas.DeclaredStateIn
) -> DriftView:
    """Say what should be."""
    viewer, _ = managed(request, monitor_id)
    actions.declare_state(
        monitor_id=monitor_id,
        text=body.text,
        reason=body.reason,
        now=utc_now(),
        actor=viewer.actor,
    )
    return _drift(monitor_id)


@router.post(f"{_ONE}/drift/accept", response=schemas.DriftOut, auth=_MANAGE)
def accept_live_state(
    request: HttpRequest, monitor_id: int, body: schemas.AcceptLiveIn
) -> DriftView:
    """Say that what is live is what should be, with a reason."""
    viewer, _ = managed(request, monitor_id)
    actions.accept_live(
        monitor_id=monitor_id, reason=body.reason, now=utc_now(), actor=viewer.actor
    )
    return _drift(monitor_id)


def _drift(monitor_id: int) -> DriftView:
    monitor = queries.monitor(monitor_id)
    found = queries.drift(monitor.id)
    if found is None:
        raise errors.NotOfThisKind(name=monitor.name, wanted="drift")
    return found
