"""Tasks of an incident: added on its page, each with a page of its own."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.identity.queries import Person
from evenfall.incidents import actions, queries
from evenfall.incidents.contexts import number_of, responder_of
from evenfall.incidents.forms import TaskForm
from evenfall.incidents.queries import TaskView
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt

_MOST_MINUTES = 60 * 24 * 30


@requires(Permission.RESPOND)
@require_POST
def add(request: HttpRequest, incident_id: int) -> HttpResponse:
    """POST /incidents/17/tasks/: `due_in` is in minutes, empty for no time."""
    viewer, now = responder_of(request, incident_id), utc_now()
    minutes = number_of(request.POST.get("due_in"))
    actions.add_task(
        incident_id=incident_id,
        title=request.POST.get("title", ""),
        owner_id=number_of(request.POST.get("owner_id")),
        due_at=now + timedelta(minutes=min(minutes, _MOST_MINUTES)) if minutes else None,
        now=now,
        actor=viewer.actor,
    )
    return _back(incident_id)


@requires(Permission.VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, incident_id: int, task_id: int) -> HttpResponse:
    """GET /incidents/17/tasks/5/: a task, and for responders the form that changes it."""
    view, now = queries.incident(incident_id), utc_now()
    task = queries.task(incident_id, task_id, now=now)
    may = viewer_of(request).can(Permission.RESPOND, team_id=view.team_id)
    form = _form(request, task, people=identity_queries.active_people() if may else ())
    if request.method == "POST":
        viewer = responder_of(request, incident_id)
        if attempt(form, lambda: _change(task, form, viewer.actor, now)):
            return _back(incident_id)
    may_change = may and view.merged_into_id is None
    context = {"incident": view, "task": task, "form": form, "may_respond": may_change}
    return render(request, "incidents/task.html", context, status=422 if form.errors else 200)


def _form(request: HttpRequest, task: TaskView, *, people: Collection[Person]) -> TaskForm:
    first = {
        "title": task.title,
        "owner_id": task.owner.id if task.owner else None,
        "due_at": task.due_at,
    }
    return TaskForm(request.POST or None, people=people, initial=first)


def _change(task: TaskView, form: TaskForm, actor: str, now: datetime) -> bool:
    actions.change_task(
        incident_id=task.incident_id, task_id=task.id, **form.cleaned_data, now=now, actor=actor
    )
    return True


@requires(Permission.RESPOND)
@require_POST
def take(request: HttpRequest, incident_id: int, task_id: int) -> HttpResponse:
    user_id = viewer_of(request).user_id
    return _act(request, incident_id, task_id, partial(actions.take_task, user_id=user_id))


@requires(Permission.RESPOND)
@require_POST
def finish(request: HttpRequest, incident_id: int, task_id: int) -> HttpResponse:
    return _act(request, incident_id, task_id, actions.finish_task)


@requires(Permission.RESPOND)
@require_POST
def drop(request: HttpRequest, incident_id: int, task_id: int) -> HttpResponse:
    reason = request.POST.get("reason", "")
    return _act(request, incident_id, task_id, partial(actions.drop_task, reason=reason))


@requires(Permission.RESPOND)
@require_POST
def reopen(request: HttpRequest, incident_id: int, task_id: int) -> HttpResponse:
    return _act(request, incident_id, task_id, actions.reopen_task)


@requires(Permission.RESPOND)
@require_POST
def move(request: HttpRequest, incident_id: int, task_id: int) -> HttpResponse:
    place = number_of(request.POST.get("place")) or 0
    return _act(request, incident_id, task_id, partial(actions.move_task, place=place))


def _act(
    request: HttpRequest, incident_id: int, task_id: int, act: Callable[..., None]
) -> HttpResponse:
    viewer = responder_of(request, incident_id)
    act(incident_id=incident_id, task_id=task_id, now=utc_now(), actor=viewer.actor)
    return _back(incident_id)


def _back(incident_id: int) -> HttpResponse:
    answer = redirect("incidents:incident", incident_id)
    answer["Location"] += "#tasks"
    return answer
