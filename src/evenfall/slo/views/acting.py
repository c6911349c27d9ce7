"""What people do with an objective on its page: corrections, exceptions, archiving."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.platform.clock import utc_now
from evenfall.platform.errors import Conflict, Forbidden, Invalid, NotFound
from evenfall.platform.forms import attempt
from evenfall.slo import actions, contexts, queries
from evenfall.slo.errors import ObjectiveUnclear
from evenfall.slo.forms import CorrectionForm, ExceptionForm, ReviewForm
from evenfall.slo.logic.states import ReviewOutcome
from evenfall.slo.views.objective import page

type Act = Callable[[int, Viewer, dict[str, str], datetime], str]


@requires(Permission.RESPOND)
@require_POST
def act(request: HttpRequest, objective_id: int) -> HttpResponse:
    """POST /objectives/5/act/ with `do`, and what that needs."""
    viewer, said = viewer_of(request), request.POST.dict()
    do = str(said.get("do"))
    permission, run = _ACTS.get(do, (Permission.MANAGE, _unknown))
    viewer.check(permission, team_id=queries.team_of(objective_id))
    try:
        messages.success(request, run(objective_id, viewer, said, utc_now()))
    except (Conflict, Invalid, Forbidden, NotFound) as error:
        messages.error(request, error.message)
    if do == "archive":
        return redirect("slo:objectives")
    if said.get("back") == "exceptions":
        return redirect("slo:exceptions")
    return redirect("slo:objective", objective_id)


@requires(Permission.RESPOND)
@require_POST
def ask(request: HttpRequest, objective_id: int) -> HttpResponse:
    """POST /objectives/5/exceptions/: what was refused is said beside the field it is about."""
    viewer, form = viewer_of(request), ExceptionForm(request.POST, prefix="exception")
    viewer.check(Permission.RESPOND, team_id=queries.team_of(objective_id))
    asked = attempt(
        form,
        lambda: actions.ask_exception(
            objective_id=objective_id,
            wish=form.wish(),
            by=viewer.user_id,
            now=utc_now(),
            actor=viewer.actor,
        ),
    )
    if asked is None:
        return page(request, objective_id, refused=form)
    messages.success(request, "Asked. Somebody else who manages the team approves it.")
    return redirect("slo:objective", objective_id)


def _unknown(*_said: object) -> str:
    raise ObjectiveUnclear(reason="Nothing was asked for. Choose one of the buttons.")


def _correct(objective_id: int, viewer: Viewer, said: dict[str, str], now: datetime) -> str:
    form = CorrectionForm(said, prefix="correction")
    _check(form)
    made = actions.correct(
        objective_id=objective_id,
        wish=form.wish(viewer.time_zone or "UTC"),
        by=viewer.user_id,
        now=now,
        actor=viewer.actor,
    )
    times = "This time does" if len(made) == 1 else f"These {len(made)} times do"
    return f"{times} not count any more; the budget follows within a minute."


def _withdraw(objective_id: int, viewer: Viewer, said: dict[str, str], now: datetime) -> str:
    actions.withdraw_correction(
        objective_id=objective_id,
        correction_id=contexts.number(said.get("correction")) or 0,
        by=viewer.user_id,
        now=now,
        actor=viewer.actor,
    )
    return "The time counts again. That it once did not stays in the history."


def _approve(objective_id: int, viewer: Viewer, said: dict[str, str], now: datetime) -> str:
    actions.approve_exception(
        objective_id=objective_id,
        exception_id=contexts.number(said.get("exception")) or 0,
        by=viewer.user_id,
        now=now,
        actor=viewer.actor,
    )
    return "Approved."


def _revoke(objective_id: int, viewer: Viewer, said: dict[str, str], now: datetime) -> str:
    actions.revoke_exception(
        objective_id=objective_id,
        exception_id=contexts.number(said.get("exception")) or 0,
        by=viewer.user_id,
        now=now,
        actor=viewer.actor,
    )
    return "The exception is over."


def _review(objective_id: int, viewer: Viewer, said: dict[str, str], now: datetime) -> str:
    form = ReviewForm(said)
    _check(form)
    actions.review_exception(
        objective_id=objective_id,
        exception_id=contexts.number(said.get("exception")) or 0,
        outcome=ReviewOutcome(form.cleaned_data["outcome"]),
        note=form.cleaned_data["note"],
        by=viewer.user_id,
        now=now,
        actor=viewer.actor,
    )
    return "Reviewed. What came of it stays beside the exception."


def _archive(objective_id: int, viewer: Viewer, _said: dict[str, str], now: datetime) -> str:
    actions.archive_objective(objective_id=objective_id, now=now, actor=viewer.actor)
    return "Archived. Its alerts are over; its history stays."


def _check(form: forms.Form) -> None:
    """Raises ObjectiveUnclear with what is wrong with the first field."""
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        label = form.fields[name].label if name in form.fields else ""
        raise ObjectiveUnclear(reason=f"{label}: {errors[0]}".lstrip(": "))


_ACTS: Final[dict[str, tuple[Permission, Act]]] = {
    "correct": (Permission.MANAGE, _correct),
    "withdraw": (Permission.MANAGE, _withdraw),
    "approve": (Permission.MANAGE, _approve),
    "revoke": (Permission.MANAGE, _revoke),
    "review": (Permission.MANAGE, _review),
    "archive": (Permission.MANAGE, _archive),
}
