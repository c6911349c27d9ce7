"""Record what providers answered, many answers in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from typing import Final

from django.db import transaction

from evenfall.notifications import events
from evenfall.notifications.actions import facts, verifying
from evenfall.notifications.actions.moving import save_moves
from evenfall.notifications.actions.planning import VERIFY, WAKE, settle_failures
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
from evenfall.platform.events import Event, publish
from evenfall.platform.wakeups import wake

LONGEST_PROVIDER_ID: Final = 300


@dataclass(frozen=True, kw_only=True)
class Result:
    """The answer to attempt number `attempt`, which came at `at`."""

    notice_id: int
    attempt: int
    at: datetime
    answer: Accepted | ChannelError


def record_results(*, results: Sequence[Result], now: datetime) -> int:
    """Move the notices of these answers; returns how many moved.

    An answer that comes late still counts when it is a yes (the provider has the message) and is
    ignored when it is a no and the notice has moved on. Rows are locked in the order of their ids.
    The sender is woken: places are free again.
    """
    with transaction.atomic():
        rows = {
            row.id: row
            for row in Notice.objects.select_for_update()
            .filter(id__in=[result.notice_id for result in results])
            .order_by("id")
        }
        moved = [
            (rows[result.notice_id], result)
            for result in results
            if result.notice_id in rows and _move(rows[result.notice_id], result, now)
        ]
        save_moves([row for row, _ in moved])
        _after_success(moved, now)
        _after_refusal(moved, now)
        wake(WAKE)
    return len(moved)


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
    row.provider_id = _storable(answer.provider_id)[:LONGEST_PROVIDER_ID]
    row.accepted_at = row.accepted_at or at
    row.finished_at = at if answer.delivered else None
    return True


def _storable(text: str) -> str:
    """Foreign words without the one character that PostgreSQL cannot hold."""
    return text.replace("\x00", "")


def _refuse(row: Notice, error: ChannelError, now: datetime) -> bool:
    message, row.lease_until = _storable(error.message), None
    decision = None if error.permanent else _patience(row, error, now)
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
    publish(*(_success(row, now) for row, _ in accepted))
    ContactMethod.objects.filter(
        id__in={row.contact_method_id for row, _ in accepted if row.contact_method_id is not None}
    ).update(last_accepted_at=now)
    for row, answer in accepted:
        if row.purpose == VERIFY and answer.proof and row.contact_method_id is not None:
            _take_proof(row.contact_method_id, answer.proof, now)


def _success(row: Notice, now: datetime) -> Event:
    kind = (
        events.NoticeDelivered
        if row.state == NoticeState.DELIVERED.value
        else events.NoticeAccepted
    )
    return kind(**facts.about(row, at=now), attempts=row.attempts, provider_id=row.provider_id)


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
        row.contact_method_id: _storable(answer.message)
        for row, answer in refused
        if answer.address_dead and row.contact_method_id is not None
    }
    _switch_off(dead, now)
    settle_failures([row for row, _ in refused if row.state == NoticeState.FAILED.value], now=now)


def _switch_off(dead: dict[int, str], now: datetime) -> None:
    """Stop using addresses that are refused for good, and ask their owners to mend them."""
    if not dead:
        return
    methods = list(
        ContactMethod.objects.select_for_update().filter(id__in=dead, broken_at=None).order_by("id")
    )
    for method in methods:
        method.broken_at, method.broken_reason = now, dead[method.id]
    ContactMethod.objects.bulk_update(methods, ["broken_at", "broken_reason"])
    publish(
        *(
            events.ContactMethodBroken(
                contact_method_id=method.id,
                user_id=method.user_id,
                channel=method.kind,
                address=method.address,
                reason=method.broken_reason,
                at=now,
            )
            for method in methods
        )
    )
