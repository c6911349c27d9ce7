"""One item: its page, what people do there, and what is known of it."""

from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.platform import markdown
from evenfall.platform.clock import utc_now
from evenfall.platform.errors import Conflict
from evenfall.platform.forms import attempt
from evenfall.triage import actions, contexts, errors, queries
from evenfall.triage.actions import Details
from evenfall.triage.forms import DetailsForm
from evenfall.triage.logic.states import Reason

type Act = Callable[[int, Viewer, dict[str, str], datetime], None]


@requires(Permission.VIEW)
@require_safe
def one(request: HttpRequest, item_id: int) -> HttpResponse:
    """GET /triage/17/"""
    item = queries.item(item_id, now=utc_now())
    may_respond = viewer_of(request).can(Permission.RESPOND, team_id=item.team_id)
    context = {
        "item": item,
        "clocks": contexts.clock_lines(item.clocks),
        "html": markdown.to_html(item.description),
        "events": queries.history(item_id),
        "has_broken": any(clock.is_broken for clock in item.clocks),
        "may_respond": may_respond,
        "can": contexts.possible(item) if may_respond else set(),
        "reasons": [("reporter", "the reporter"), ("vendor", "a vendor"), ("change", "a change")],
    }
    return render(request, "triage/item.html", context)


@requires(Permission.RESPOND)
@require_POST
def act(request: HttpRequest, item_id: int) -> HttpResponse:
    """POST /triage/17/act/ with `do`, and what that needs."""
    viewer, said = contexts.responder_of(request, item_id), request.POST.dict()
    try:
        _ACTS.get(str(said.get("do")), _unknown)(item_id, viewer, said, utc_now())
    except (Conflict, errors.ItemIncomplete) as error:
        messages.error(request, error.message)
    return redirect("triage:item", item_id)


@requires(Permission.RESPOND)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, item_id: int) -> HttpResponse:
    """GET, POST /triage/17/edit/: what is known, and how bad and urgent it is."""
    viewer, item = contexts.responder_of(request, item_id), queries.item(item_id, now=utc_now())
    form = DetailsForm(
        request.POST or None, people=contexts.people_to_choose(), initial=_initial(item)
    )

    def save() -> bool:
        now = utc_now()
        actions.change_item(item_id=item_id, details=form.details(), now=now, actor=viewer.actor)
        actions.prioritise(item_id=item_id, **form.levels(), now=now, actor=viewer.actor)
        return True

    if request.method == "POST" and attempt(form, save):
        messages.success(request, "Saved.")
        return redirect("triage:item", item_id)
    status = 422 if form.errors else 200
    return render(request, "triage/edit.html", {"item": item, "form": form}, status=status)


def _initial(item: queries.ItemView) -> dict[str, Any]:
    known = {one.name: getattr(item, one.name, None) for one in fields(Details)}
    for name in ("technical_contact", "technical_stand_in"):
        somebody = getattr(item, name)
        known[f"{name}_id"] = somebody.id if somebody else None
    return {**known, "impact": item.impact.value, "urgency": item.urgency.value}


def _unknown(*_said: object) -> None:
    raise errors.ItemIncomplete(reason="Nothing was asked for. Choose one of the buttons.")


def _simple(action: Callable[..., None]) -> Act:
    def run(item_id: int, viewer: Viewer, said: dict[str, str], now: datetime) -> None:
        action(item_id=item_id, text=said.get("text", ""), now=now, actor=viewer.actor)

    return run


def _pause(item_id: int, viewer: Viewer, said: dict[str, str], now: datetime) -> None:
    if said.get("reason") not in set(Reason):
        raise errors.ItemIncomplete(reason="Say whom it waits for.", field="reason")
    actions.pause(
        item_id=item_id,
        reason=Reason(said["reason"]),
        text=said.get("text", ""),
        now=now,
        actor=viewer.actor,
    )


def _pull(item_id: int, viewer: Viewer, _said: dict[str, str], now: datetime) -> None:
    actions.pull(item_id=item_id, user_id=viewer.user_id, now=now, actor=viewer.actor)


def _override(item_id: int, viewer: Viewer, said: dict[str, str], now: datetime) -> None:
    actions.override_score(
        item_id=item_id,
        score=_score(said.get("score", "")),
        reason=said.get("text", ""),
        until=_end_of_day(said.get("until", "")),
        now=now,
        actor=viewer.actor,
    )


def _score(text: str) -> float | None:
    try:
        return float(text) if text.strip() else None
    except ValueError as error:
        raise errors.ItemIncomplete(reason="A score is a number.", field="score") from error


def _end_of_day(text: str) -> datetime | None:
    """The end of this day in UTC; None where it is no day."""
    try:
        day = datetime.fromisoformat(text)
    except ValueError:
        return None
    return day.replace(hour=23, minute=59, second=59, tzinfo=UTC)


_ACTS: dict[str, Act] = {
    "accept": _simple(actions.accept),
    "decline": _simple(actions.decline),
    "answer": _simple(actions.answer),
    "ask": _simple(actions.ask_reporter),
    "resume": _simple(actions.resume),
    "finish": _simple(actions.finish),
    "put_back": _simple(actions.put_back),
    "pause": _pause,
    "pull": _pull,
    "override": _override,
}
