"""What is to be done in an incident, over the API. Everything answers with all its tasks."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest
from ninja import Status

from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.incidents import actions, queries
from evenfall.incidents.api import crew_schemas as schemas
from evenfall.incidents.api.routing import router
from evenfall.incidents.contexts import responder_of
from evenfall.platform.clock import utc_now

_VIEW = api_auth(Permission.VIEW)
_RESPOND = api_auth(Permission.RESPOND)
_TASK = "/incidents/{int:incident_id}/tasks/{int:task_id}"
_OUT = schemas.CrewTasksOut


@router.get("/incidents/{int:incident_id}/tasks", response=_OUT, auth=_VIEW)
def list_tasks(request: HttpRequest, incident_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """The tasks of an incident in their order, open or not."""
    queries.incident(incident_id)
    return _tasks(incident_id)


@router.post("/incidents/{int:incident_id}/tasks", response={201: _OUT}, auth=_RESPOND)
def add_task(
    request: HttpRequest, incident_id: int, body: schemas.TaskIn
) -> Status[dict[str, Any]]:
    """Write down what is to be done, by whom and until when."""
    viewer = responder_of(request, incident_id)
    actions.add_task(incident_id=incident_id, **body.dict(), now=utc_now(), actor=viewer.actor)
    return Status(201, _tasks(incident_id))


@router.put(_TASK, response=_OUT, auth=_RESPOND)
def change_task(
    request: HttpRequest, incident_id: int, task_id: int, body: schemas.TaskIn
) -> dict[str, Any]:
    """Give a task its title, owner and due time."""
    return _act(request, incident_id, task_id, partial(actions.change_task, **body.dict()))


@router.post(f"{_TASK}/take", response=_OUT, auth=_RESPOND)
def take_task(request: HttpRequest, incident_id: int, task_id: int) -> dict[str, Any]:
    """Take a task over, whoever has it."""
    user_id = viewer_of(request).user_id
    return _act(request, incident_id, task_id, partial(actions.take_task, user_id=user_id))


@router.post(f"{_TASK}/done", response=_OUT, auth=_RESPOND)
def finish_task(request: HttpRequest, incident_id: int, task_id: int) -> dict[str, Any]:
    """Say that it is done."""
    return _act(request, incident_id, task_id, actions.finish_task)


@router.post(f"{_TASK}/drop", response=_OUT, auth=_RESPOND)
def drop_task(
    request: HttpRequest, incident_id: int, task_id: int, body: schemas.DropTaskIn
) -> dict[str, Any]:
    """Say that it will not be done, and why."""
    return _act(request, incident_id, task_id, partial(actions.drop_task, reason=body.reason))


@router.post(f"{_TASK}/reopen", response=_OUT, auth=_RESPOND)
def reopen_task(request: HttpRequest, incident_id: int, task_id: int) -> dict[str, Any]:
    """Say that it is to be done after all."""
    return _act(request, incident_id, task_id, actions.reopen_task)


@router.post(f"{_TASK}/move", response=_OUT, auth=_RESPOND)
def move_task(
    request: HttpRequest, incident_id: int, task_id: int, body: schemas.MoveTaskIn
) -> dict[str, Any]:
    """Put it at another place among the tasks, counted from 0."""
    return _act(request, incident_id, task_id, partial(actions.move_task, place=body.place))


def _act(
    request: HttpRequest, incident_id: int, task_id: int, act: Callable[..., None]
) -> dict[str, Any]:
    viewer = responder_of(request, incident_id)
    act(incident_id=incident_id, task_id=task_id, now=utc_now(), actor=viewer.actor)
    return _tasks(incident_id)


def _tasks(incident_id: int) -> dict[str, Any]:
    return {"items": queries.task_board(incident_id, now=utc_now()).tasks}
