"""One pattern, and what people do with it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.patterns import actions, contexts, queries
from evenfall.patterns.contexts import SIGN_WORDS, TONES
from evenfall.patterns.forms import PatternForm
from evenfall.patterns.logic.states import State
from evenfall.platform import markdown
from evenfall.platform.clock import utc_now
from evenfall.platform.errors import Conflict, Invalid, NotFound
from evenfall.platform.forms import attempt

_LONGEST_NUMBER = 19


@requires(Permission.VIEW)
@require_safe
def one(request: HttpRequest, pattern_id: int) -> HttpResponse:
    """GET /patterns/5/."""
    view = queries.pattern(pattern_id)
    context = {
        "pattern": view,
        "tone": TONES[view.state],
        "note": markdown.to_html(view.note),
        "members": queries.members(pattern_id),
        "signs": [(SIGN_WORDS[sign.sign], sign) for sign in queries.signs_of(pattern_id)],
        "steps": contexts.step_buttons(view.state, view.steps),
        "typed": request.GET.get("incident_id", "")[:_LONGEST_NUMBER],
        "may_change": viewer_of(request).can(Permission.RESPOND, team_id=view.team_id),
    }
    return render(request, "patterns/one.html", context)


@requires(Permission.RESPOND)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pattern_id: int) -> HttpResponse:
    """GET, POST /patterns/5/edit/: its title, owner, team and note."""
    contexts.keeper_of(request, pattern_id)
    view = queries.pattern(pattern_id)
    form = PatternForm(
        request.POST or None,
        people=identity_queries.active_people(),
        teams=identity_queries.teams(),
        initial={
            "title": view.title,
            "owner_id": view.owner.id if view.owner else None,
            "team_id": view.team_id,
            "note": view.note,
        },
    )

    def save() -> bool:
        wish = form.wish()
        viewer = contexts.taker_of(request, pattern_id, wish.team_id)
        actions.change_pattern(pattern_id=pattern_id, wish=wish, now=utc_now(), actor=viewer.actor)
        return True

    if request.method == "POST" and attempt(form, save):
        return redirect("patterns:one", pattern_id)
    context = {"pattern": view, "form": form}
    return render(request, "patterns/edit.html", context, status=422 if form.errors else 200)


@requires(Permission.RESPOND)
@require_POST
def move(request: HttpRequest, pattern_id: int) -> HttpResponse:
    """POST /patterns/5/steps/ with `state` and, where it is asked for, `reason`."""
    viewer, wanted = contexts.keeper_of(request, pattern_id), request.POST.get("state", "")
    if wanted not in set(State):
        raise Http404
    return _back(
        request,
        pattern_id,
        lambda: actions.move_pattern(
            pattern_id=pattern_id,
            state=State(wanted),
            reason=request.POST.get("reason", ""),
            now=utc_now(),
            actor=viewer.actor,
        ),
    )


@requires(Permission.RESPOND)
@require_POST
def add(request: HttpRequest, pattern_id: int) -> HttpResponse:
    """POST /patterns/5/incidents/ with the number of an incident."""
    viewer, typed = contexts.keeper_of(request, pattern_id), request.POST.get("incident_id", "")
    number = contexts.number_of(typed)
    if number is None:
        messages.error(request, "Give the number of an incident, such as 17.")
        return redirect(_with(pattern_id, typed))

    def save() -> None:
        contexts.judge_of(request, number)
        actions.add_member(
            pattern_id=pattern_id, incident_id=number, now=utc_now(), actor=viewer.actor
        )

    return _back(request, pattern_id, save, typed=typed)


@requires(Permission.RESPOND)
@require_POST
def remove(request: HttpRequest, pattern_id: int, incident_id: int) -> HttpResponse:
    """POST /patterns/5/incidents/17/remove/: it is a different problem."""
    viewer = contexts.keeper_of(request, pattern_id)
    actions.remove_member(
        pattern_id=pattern_id, incident_id=incident_id, now=utc_now(), actor=viewer.actor
    )
    if not queries.patterns([pattern_id]):
        messages.success(request, "One incident is no pattern: it is gone.")
        return redirect("patterns:list")
    return redirect("patterns:one", pattern_id)


@requires(Permission.RESPOND)
@require_POST
def dismiss(request: HttpRequest, pattern_id: int) -> HttpResponse:
    """POST /patterns/5/dismiss/: its incidents are different problems."""
    viewer = contexts.keeper_of(request, pattern_id)
    actions.dismiss_pattern(
        pattern_id=pattern_id,
        reason=request.POST.get("reason", ""),
        now=utc_now(),
        actor=viewer.actor,
    )
    messages.success(request, "Dismissed. These incidents are not put together again.")
    return redirect("patterns:list")


@requires(Permission.RESPOND)
@require_POST
def judge(request: HttpRequest, incident_id: int, other_id: int) -> HttpResponse:
    """POST /incidents/17/similar/9/ with `verdict`: same or different."""
    viewer, verdict = contexts.judge_of(request, incident_id), request.POST.get("verdict")
    both = {"incident_id": incident_id, "other_id": other_id}
    try:
        if verdict == "same":
            actions.confirm_pair(**both, now=utc_now(), actor=viewer.actor)
        elif verdict == "different":
            actions.reject_pair(**both, now=utc_now(), actor=viewer.actor)
        else:
            raise Http404
    except (Conflict, Invalid) as error:
        messages.error(request, error.message)
    return redirect("incidents:incident", incident_id)


def _back(
    request: HttpRequest, pattern_id: int, save: Callable[[], None], *, typed: str = ""
) -> HttpResponse:
    """Back to the pattern; what was refused is said at the top of it, and stays in its field."""
    try:
        save()
    except (Conflict, Invalid, NotFound) as error:
        messages.error(request, error.message)
        return redirect(_with(pattern_id, typed))
    return redirect("patterns:one", pattern_id)


def _with(pattern_id: int, typed: str) -> str:
    """The address of the pattern, with the number that was typed into its form."""
    kept = {"incident_id": typed[:_LONGEST_NUMBER]} if typed else None
    return reverse("patterns:one", args=[pattern_id], query=kept)
