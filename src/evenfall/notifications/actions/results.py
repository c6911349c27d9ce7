"""Record what providers answered, many answers in one transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hmac import compare_digest

from django.db import transaction

from evenfall.notifications.actions import facts, verifying
from evenfall.notifications.actions.attempts import (
    Result,
    keep_attempts,
    lost_tries,
    provider_id_of,
    storable,
)
from evenfall.notifications.actions.moving import save_moves
from evenfall.notifications.actions.planning import VERIFY, WAKE, settle_failures
from evenfall.notifications.actions.switching_off import switch_off
from evenfall.notifications.logic.retrying import (
    RULES,
    GiveUp,
    Retry,
    Urgency,
    after_refusal,
)
from evenfall.notifications.logic.states import Happening, NoticeState, next_state
from evenfall.notifications.models import ContactMethod, Notice
from evenfall.notifications.ports import Accepted, ChannelError
from evenfall.platform.events import publish
from evenfall.platform.wakeups import wake


def record_results(*, results: Sequence[Result], now: datetime, frees_places: bool = True) -> int:
    """Move the notices of these answers; returns how many moved.

    An answer that comes late still counts when it is a yes (the provider has the message) and is
    ignored when it is a no and the notice has moved on, or when the provider has reported since
    that the message did not arrive. Rows are locked in the order of their ids.
    The sender is woken where it waits for places, or where something is to be sent again.
    """
    with transaction.atomic():
        rows = {
            row.id: row
            for row in Notice.objects.select_for_update()
            .filter(id__in=[result.notice_id for result in results])
            .order_by("id")
        }
        known = [result for result in results if result.notice_id in rows]
        lost = lost_tries(_late(known, rows))
        moved = [
            (rows[result.notice_id], result)
            for result in known
            if result not in lost and _move(rows[result.notice_id], result, now)
        ]
        save_moves([row for row, _ in moved])
        keep_attempts([(rows[one.notice_id], one) for one in known])
        _after_success(moved, now)
        _after_refusal(moved, now)
        if frees_places or any(row.state == NoticeState.PLANNED.value for row, _ in moved):
            wake(WAKE)
    return len(moved)


def _late(results: Sequence[Result], rows: Mapping[int, Notice]) -> list[Result]:
    """The answers to tries that were not the last word: the notice has moved on meanwhile."""
    sent = NoticeState.SENT.value
    return [
        one
        for one in results
        if (rows[one.notice_id].state, rows[one.notice_id].attempts) != (sent, one.attempt)
    ]


def _move(row: Notice, result: Result, now: datetime) -> bool:
    """Change the row as the table says; False when the answer changes nothing."""
    if isinstance(result.answer, ChannelError):
        is_current = row.state == NoticeState.SENT.value and row.attempts == result.attempt
        return is_current and _refuse(row, result.answer, now)
    return _accept(row, result.answer, result.at)


def _accept(row: Notice, answer: Accepted, at: datetime) -> bool:
    happening = Happening.DELIVER if answer.delivered else Happening.ACCEPT
    state = next_state(NoticeState(row.state), happening)
    if state is None:
        return False
    row.state, row.reason, row.lease_until = state.value, "", None
    row.provider_id = provider_id_of(answer)
    row.accepted_at = row.accepted_at or at
    row.finished_at = at if answer.delivered else None
    return True


def _refuse(row: Notice, error: ChannelError, now: datetime) -> bool:
    message, row.lease_until = storable(error.message), None
    is_over = error.permanent or row.settled_at is not None
    decision = None if is_over else _patience(row, error, now)
    if isinstance(decision, Retry):
        row.state, row.due_at = NoticeState.PLANNED.value, decision.at
    else:
        row.state, row.finished_at = NoticeState.FAILED.value, now
    row.reason = message if decision is None else f"{decision.reason}: {message}"
    return True


def _patience(row: Notice, error: ChannelError, now: datetime) -> Retry | GiveUp:
    return after_refusal(
        RULES[Urgency(row.urgency)],
        attempts=row.attempts,
        notice_id=row.id,
        first_due=row.first_due_at,
        asked_wait=error.retry_after,
        now=now,
    )


type _Moved = Sequence[tuple[Notice, Result]]


def _after_success(moved: _Moved, now: datetime) -> None:
    accepted = [
        (row, result.answer) for row, result in moved if isinstance(result.answer, Accepted)
    ]
    if not accepted:
        return
    publish(*(facts.succeeded(row, now=now) for row, _ in accepted))
    ContactMethod.objects.filter(
        id__in={row.contact_method_id for row, _ in accepted if row.contact_method_id is not None}
    ).update(last_accepted_at=now)
    for row, answer in accepted:
        if row.purpose == VERIFY and answer.proof and row.contact_method_id is not None:
            _take_proof(row.contact_method_id, answer.proof, now)


def _take_proof(contact_method_id: int, proof: str, now: datetime) -> None:
    """A receiver that answers a signed challenge has proved that it is ours to page."""
    method = ContactMethod.objects.select_for_update().filter(id=contact_method_id).first()
    if method is not None and compare_digest(proof, verifying.code_of(method)):
        verifying.mark_verified(method, actor="system", now=now)


def _after_refusal(moved: _Moved, now: datetime) -> None:
    refused = [
        (row, result.answer) for row, result in moved if isinstance(result.answer, ChannelError)
    ]
    dead = {
        row.contact_method_id: storable(answer.message)
        for row, answer in refused
        if answer.address_dead and row.contact_method_id is not None
    }
    switch_off(dead, now=now)
    settle_failures([row for row, _ in refused if row.state == NoticeState.FAILED.value], now=now)
