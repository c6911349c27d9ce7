"""Items over the API: report, read, decide."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Status

from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.platform.clock import utc_now
from evenfall.triage import actions, contexts, errors, queries
from evenfall.triage.api import move_schemas, schemas
from evenfall.triage.api.routing import router
from evenfall.triage.logic.priority import Priority
from evenfall.triage.logic.states import OPEN, State, What
from evenfall.triage.queries import Filters

_VIEW = api_auth(Permission.VIEW)
_RESPOND = api_auth(Permission.RESPOND)
_ITEM = "/triage/items/{int:item_id}"
_ENDED = frozenset(State) - OPEN


@router.get("/triage/items", response=schemas.TriageItemsOut, auth=_VIEW)
def list_items(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    team_id: int | None = None,
    service_id: int | None = None,
    priority: Priority | None = None,
    state: State | None = None,
    q: str = "",
    cursor: str | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """What waits, in the order of its worth; a state that is an end pages through the ended."""
    filters = Filters(
        team_id=team_id, service_id=service_id, priority=priority, state=state, text=q
    )
    if state not in _ENDED:
        found = queries.queue(filters, now=utc_now())
        return {"items": [schemas.item_of(one) for one in found], "next": None}
    page = queries.ended(filters, now=utc_now(), cursor=cursor, size=limit)
    return {"items": [schemas.item_of(one) for one in page.items], "next": page.next_cursor}


@router.post(
    "/triage/items", response={201: schemas.TriageItemOut}, auth=api_auth(Permission.FOLLOW)
)
def report_item(request: HttpRequest, body: schemas.TriageItemIn) -> Status[dict[str, Any]]:
    """Report something that can wait, to any team."""
    viewer, now = viewer_of(request), utc_now()
    item_id = actions.report_item(new=body.new(), now=now, actor=viewer.actor)
    return Status(201, _shown(item_id))


@router.get(_ITEM, response=schemas.TriageItemOut, auth=_VIEW)
def get_item(request: HttpRequest, item_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """One item with its clocks and the parts of its score."""
    return _shown(item_id)


@router.put(_ITEM, response=schemas.TriageItemOut, auth=_RESPOND)
def change_item(
    request: HttpRequest, item_id: int, body: schemas.TriageDetailsIn
) -> dict[str, Any]:
    """Say what is known of it now."""
    viewer = contexts.responder_of(request, item_id)
    actions.change_item(item_id=item_id, details=body.details(), now=utc_now(), actor=viewer.actor)
    return _shown(item_id)


@router.get(f"{_ITEM}/events", response=schemas.TriageEventsOut, auth=_VIEW)
def list_events(request: HttpRequest, item_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """All that happened to it, oldest first; the clocks are computed from these."""
    queries.team_of(item_id)
    return {"items": queries.history(item_id)}


@router.post(f"{_ITEM}/moves", response=schemas.TriageItemOut, auth=_RESPOND)
def move_item(request: HttpRequest, item_id: int, body: move_schemas.MoveIn) -> dict[str, Any]:
    """Whatever can happen to an item: accepted, scheduled, pulled, paused, fixed, done, and so on.

    Ways out at the side are declined, duplicate and risk_taken; `reopened` undoes an end. `done`
    needs a `text` where a promise was broken.
    """
    viewer = contexts.responder_of(request, item_id)
    move = _MOVES.get(body.what)
    if move is None:
        raise errors.ItemIncomplete(
            reason=f"“{body.what.value}” is no move; it has an operation of its own.", field="what"
        )
    move(item_id, body, viewer, utc_now())
    return _shown(item_id)


@router.post(f"{_ITEM}/incident", response=schemas.TriageItemOut, auth=_RESPOND)
def promote_item(
    request: HttpRequest, item_id: int, body: move_schemas.TriagePromotionIn
) -> dict[str, Any]:
    """It cannot wait: declare an incident of its team. The clocks of the item stop."""
    viewer = contexts.responder_of(request, item_id)
    actions.promote(
        item_id=item_id,
        wish=body.wish(),
        text=body.text,
        user_id=viewer.user_id,
        now=utc_now(),
        actor=viewer.actor,
    )
    return _shown(item_id)


@router.get(f"{_ITEM}/duplicates", response=move_schemas.TriageLinksOut, auth=_VIEW)
def list_duplicates(request: HttpRequest, item_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """What says the same; those of the reporters without an account you tell yourself."""
    queries.team_of(item_id)
    return {"items": queries.duplicates_of(item_id)}


@router.put(f"{_ITEM}/priority", response=schemas.TriageItemOut, auth=_RESPOND)
def prioritise(
    request: HttpRequest, item_id: int, body: schemas.TriagePriorityIn
) -> dict[str, Any]:
    """Another impact or urgency; the clocks keep what has passed."""
    viewer = contexts.responder_of(request, item_id)
    actions.prioritise(item_id=item_id, **dict(body), now=utc_now(), actor=viewer.actor)
    return _shown(item_id)


@router.put(f"{_ITEM}/override", response=schemas.TriageItemOut, auth=_RESPOND)
def override_score(
    request: HttpRequest, item_id: int, body: schemas.ScoreOverrideIn
) -> dict[str, Any]:
    """Set its score until a day, with the reason."""
    viewer = contexts.responder_of(request, item_id)
    if body.until.tzinfo is None:
        raise errors.ItemIncomplete(reason="Give the time with its zone.", field="until")
    actions.override_score(item_id=item_id, **dict(body), now=utc_now(), actor=viewer.actor)
    return _shown(item_id)


@router.delete(f"{_ITEM}/override", response=schemas.TriageItemOut, auth=_RESPOND)
def end_override(request: HttpRequest, item_id: int) -> dict[str, Any]:
    """Let the parts decide again."""
    viewer = contexts.responder_of(request, item_id)
    actions.override_score(item_id=item_id, score=None, now=utc_now(), actor=viewer.actor)
    return _shown(item_id)


def _shown(item_id: int) -> dict[str, Any]:
    return schemas.item_of(queries.item(item_id, now=utc_now()))


type Move = Callable[[int, move_schemas.MoveIn, Viewer, datetime], None]


def _simple(action: Callable[..., None]) -> Move:
    def run(item_id: int, body: move_schemas.MoveIn, viewer: Viewer, now: datetime) -> None:
        action(item_id=item_id, text=body.text, now=now, actor=viewer.actor)

    return run


def _pause(item_id: int, body: move_schemas.MoveIn, viewer: Viewer, now: datetime) -> None:
    if body.reason is None:
        raise errors.ItemIncomplete(reason="Say whom it waits for.", field="reason")
    actions.pause(item_id=item_id, reason=body.reason, text=body.text, now=now, actor=viewer.actor)


def _pull(item_id: int, _body: move_schemas.MoveIn, viewer: Viewer, now: datetime) -> None:
    actions.pull(item_id=item_id, user_id=viewer.user_id, now=now, actor=viewer.actor)


def _schedule(item_id: int, body: move_schemas.MoveIn, viewer: Viewer, now: datetime) -> None:
    if body.monday is None:
        raise errors.ItemIncomplete(reason="Say in which week.", field="monday")
    actions.schedule(
        item_id=item_id, monday=body.monday, text=body.text, now=now, actor=viewer.actor
    )


def _duplicate(item_id: int, body: move_schemas.MoveIn, viewer: Viewer, now: datetime) -> None:
    if body.original_id is None:
        raise errors.ItemIncomplete(reason="Give the number of the original.", field="original_id")
    actions.mark_duplicate(
        item_id=item_id,
        original_id=body.original_id,
        text=body.text,
        now=now,
        actor=viewer.actor,
    )


def _risk(item_id: int, body: move_schemas.MoveIn, viewer: Viewer, now: datetime) -> None:
    if body.review_at is not None and body.review_at.tzinfo is None:
        raise errors.ItemIncomplete(reason="Give the time with its zone.", field="review_at")
    actions.accept_risk(
        item_id=item_id,
        text=body.text,
        accepted_by=body.accepted_by,
        review_at=body.review_at,
        now=now,
        actor=viewer.actor,
    )


_MOVES: dict[What, Move] = {
    What.ANSWERED: _simple(actions.answer),
    What.ASKED: _simple(actions.ask_reporter),
    What.ACCEPTED: _simple(actions.accept),
    What.DECLINED: _simple(actions.decline),
    What.FIXED: _simple(actions.fix),
    What.NOT_FIXED: _simple(actions.find_unfixed),
    What.REOPENED: _simple(actions.reopen),
    What.SCHEDULED: _schedule,
    What.DUPLICATE: _duplicate,
    What.RISK_TAKEN: _risk,
    What.PUT_BACK: _simple(actions.put_back),
    What.RESUMED: _simple(actions.resume),
    What.DONE: _simple(actions.finish),
    What.PAUSED: _pause,
    What.PULLED: _pull,
}
