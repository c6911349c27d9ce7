"""The further life of an incident: one tap for a step, a small form where words are needed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from evenfall.identity.access import requires
from evenfall.identity.permissions import Permission, Viewer
from evenfall.incidents import actions, queries
from evenfall.incidents.contexts import number_of, responder_of
from evenfall.incidents.forms import DeclineForm, PauseForm, StampForm
from evenfall.incidents.logic.stamps import WORDS, Stamp
from evenfall.incidents.logic.states import Act
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt

_ASK: Final = "incidents/ask.html"
_TIMES: Final = "incidents/times.html"
_METHODS: Final = ["GET", "HEAD", "POST"]


@requires(Permission.RESPOND)
@require_POST
def step(request: HttpRequest, incident_id: int, act: Act) -> HttpResponse:
    """POST /incidents/17/fix/: the next step, whichever it is."""
    viewer = responder_of(request, incident_id)
    actions.advance_incident(
        incident_id=incident_id,
        act=act,
        user_id=viewer.user_id,
        now=utc_now(),
        actor=viewer.actor,
    )
    return redirect("incidents:incident", incident_id)


@requires(Permission.RESPOND)
@require_http_methods(_METHODS)
def pause(request: HttpRequest, incident_id: int) -> HttpResponse:
    """GET and POST /incidents/17/pause/: what it waits for, and until when."""
    form = PauseForm(_sent(request))

    def act(viewer: Viewer, now: datetime) -> None:
        actions.pause_incident(
            incident_id=incident_id,
            **form.cleaned_data,
            user_id=viewer.user_id,
            now=now,
            actor=viewer.actor,
        )

    said = {"title": "Pause the work", "button": "Pause", "icon": "moon"}
    return _ask(request, incident_id, form, act, template=_ASK, said=said)


@requires(Permission.RESPOND)
@require_http_methods(_METHODS)
def decline(request: HttpRequest, incident_id: int) -> HttpResponse:
    """GET and POST /incidents/17/decline/: why it is no incident."""
    form = DeclineForm(_sent(request))

    def act(viewer: Viewer, now: datetime) -> None:
        actions.decline_incident(
            incident_id=incident_id,
            **form.cleaned_data,
            user_id=viewer.user_id,
            now=now,
            actor=viewer.actor,
        )

    said = {"title": "Decline", "button": "Decline for good", "icon": "close", "danger": True}
    return _ask(request, incident_id, form, act, template=_ASK, said=said)


@requires(Permission.RESPOND)
@require_http_methods(_METHODS)
def times(request: HttpRequest, incident_id: int) -> HttpResponse:
    """GET and POST /incidents/17/times/: what happened when, and what was corrected."""
    form = StampForm(_sent(request), initial={"stamp": request.GET.get("stamp")})

    def act(viewer: Viewer, now: datetime) -> None:
        given = form.cleaned_data
        actions.correct_stamp(
            incident_id=incident_id,
            stamp=Stamp(given["stamp"]),
            at=given["at"],
            why=given["why"],
            now=now,
            actor=viewer.actor,
        )

    said = {"corrections": queries.corrections(incident_id), "words": WORDS}
    return _ask(request, incident_id, form, act, template=_TIMES, said=said)


@requires(Permission.RESPOND)
@require_POST
def recurrence(request: HttpRequest, incident_id: int) -> HttpResponse:
    """POST /incidents/17/recurrence/: which older one came back; no number takes it back."""
    viewer = responder_of(request, incident_id)
    actions.link_recurrence(
        incident_id=incident_id,
        of_id=number_of(request.POST.get("of_id", "").strip().removeprefix("#")),
        now=utc_now(),
        actor=viewer.actor,
    )
    return redirect("incidents:incident", incident_id)


def _sent(request: HttpRequest) -> QueryDict | None:
    """What the form holds; an empty one that was sent is a form too, and its errors are shown."""
    return request.POST if request.method == "POST" else None


def _ask(
    request: HttpRequest,
    incident_id: int,
    form: forms.Form,
    act: Callable[[Viewer, datetime], None],
    *,
    template: str,
    said: dict[str, Any],
) -> HttpResponse:
    """Show the form, or act and lead back to the incident; a refusal is shown in the form."""
    viewer = responder_of(request, incident_id)

    def done() -> bool:
        act(viewer, utc_now())
        return True

    if request.method == "POST" and attempt(form, done):
        return redirect("incidents:incident", incident_id)
    context = {"incident": queries.incident(incident_id), "form": form, **said}
    return render(request, template, context, status=422 if form.errors else 200)
