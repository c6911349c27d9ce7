"""What people do with an item on its page."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from evenfall.catalog.errors import ServiceNotFound
from evenfall.catalog.ports import Environment
from evenfall.identity.access import requires
from evenfall.identity.permissions import Permission, Viewer
from evenfall.incidents.ports import Sev
from evenfall.platform.clock import utc_now
from evenfall.platform.errors import Conflict, Invalid
from evenfall.triage import actions, contexts, errors
from evenfall.triage.logic.states import Reason

_DAY = timedelta(days=1) - timedelta(seconds=1)
"""From the start of a day to its last second."""

type Act = Callable[[int, Viewer, dict[str, str], datetime], None]


@requires(Permission.RESPOND)
@require_POST
def act(request: HttpRequest, item_id: int) -> HttpResponse:
    """POST /triage/17/act/ with `do`, and what that needs."""
    viewer, said = contexts.responder_of(request, item_id), request.POST.dict()
    try:
        _ACTS.get(str(said.get("do")), _unknown)(item_id, viewer, said, utc_now())
    except (Conflict, Invalid, errors.ItemNotFound, ServiceNotFound) as error:
        messages.error(request, error.message)
    return redirect("triage:item", item_id)


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


def _schedule(item_id: int, viewer: Viewer, said: dict[str, str], now: datetime) -> None:
    day = _end_of_day(said.get("monday", ""))
    if day is None:
        raise errors.WeekIsOver(field="monday")
    actions.schedule(item_id=item_id, monday=day.date(), now=now, actor=viewer.actor)


def _duplicate(item_id: int, viewer: Viewer, said: dict[str, str], now: datetime) -> None:
    original = contexts.number(said.get("original", "").strip().lstrip("#"))
    if original is None:
        raise errors.ItemIncomplete(reason="Give the number of the original.", field="original")
    actions.mark_duplicate(
        item_id=item_id,
        original_id=original,
        text=said.get("text", ""),
        now=now,
        actor=viewer.actor,
    )


def _risk(item_id: int, viewer: Viewer, said: dict[str, str], now: datetime) -> None:
    day = _end_of_day(said.get("review_on", ""))
    actions.accept_risk(
        item_id=item_id,
        text=said.get("text", ""),
        accepted_by=said.get("accepted_by", ""),
        review_at=None if day is None else day - _DAY,
        now=now,
        actor=viewer.actor,
    )


def _promote(item_id: int, viewer: Viewer, said: dict[str, str], now: datetime) -> None:
    if said.get("severity") not in set(Sev) or said.get("environment") not in set(Environment):
        raise errors.ItemIncomplete(reason="Choose a severity and an environment.")
    wish = actions.IncidentWish(
        title=said.get("title", "").strip(),
        severity=Sev(said["severity"]),
        environment=Environment(said["environment"]),
        service_id=contexts.number(said.get("service")),
        page="page" in said,
    )
    actions.promote(
        item_id=item_id,
        wish=wish,
        text=said.get("text", ""),
        user_id=viewer.user_id,
        now=now,
        actor=viewer.actor,
    )


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
    "fix": _simple(actions.fix),
    "not_fixed": _simple(actions.find_unfixed),
    "decline": _simple(actions.decline),
    "reopen": _simple(actions.reopen),
    "answer": _simple(actions.answer),
    "ask": _simple(actions.ask_reporter),
    "resume": _simple(actions.resume),
    "finish": _simple(actions.finish),
    "put_back": _simple(actions.put_back),
    "pause": _pause,
    "pull": _pull,
    "schedule": _schedule,
    "duplicate": _duplicate,
    "risk": _risk,
    "promote": _promote,
    "override": _override,
}
