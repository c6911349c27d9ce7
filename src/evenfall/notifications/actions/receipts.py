"""Take what providers report afterwards: it arrived, it did not, or what it cost."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from evenfall.notifications.actions import facts
from evenfall.notifications.actions.moving import save_moves
from evenfall.notifications.actions.planning import WAKE, settle_failures
from evenfall.notifications.actions.switching_off import switch_off
from evenfall.notifications.logic.retrying import RULES, Retry, Urgency, after_refusal
from evenfall.notifications.logic.states import Happening, NoticeState, next_state
from evenfall.notifications.models import Attempt, Notice
from evenfall.notifications.ports import Receipt
from evenfall.platform.events import publish
from evenfall.platform.wakeups import wake

WAITING = frozenset({NoticeState.PLANNED.value, NoticeState.CLAIMED.value})
# Sent: the report can be faster than our own record of the answer.
TAKEN = frozenset({NoticeState.ACCEPTED.value, NoticeState.SENT.value})


def record_receipts(*, receipts: Sequence[Receipt], now: datetime) -> int:
    """Write receipts down and move their notices; returns how many notices moved.

    A receipt that comes twice, late, or before our own record of the send changes nothing that
    it should not: the table of states decides, and an attempt keeps its first report. A page of
    high urgency that did not arrive goes out by another way at once. Locks the notices by id.
    """
    with transaction.atomic():
        ids = {receipt.notice_id for receipt in receipts}
        rows = {
            row.id: row
            for row in Notice.objects.select_for_update().filter(id__in=ids).order_by("id")
        }
        known = [receipt for receipt in receipts if receipt.notice_id in rows]
        for receipt in known:
            _note(receipt, rows[receipt.notice_id], now)
        moved = [rows[one.notice_id] for one in known if _move(rows[one.notice_id], one, now)]
        save_moves(moved)
        publish(*(facts.succeeded(row, now=now) for row in moved if _is_good(row)))
        switch_off(_dead(known, rows), now=now)
        failed = [row for row in moved if row.state == NoticeState.FAILED.value]
        settle_failures(failed, now=now)
        if any(row.state == NoticeState.PLANNED.value for row in moved):
            wake(WAKE)
    return len(moved)


def _move(row: Notice, receipt: Receipt, now: datetime) -> bool:
    if receipt.delivered is None:
        return receipt.is_taken and _go(row, receipt, Happening.ACCEPT, now)
    if receipt.delivered:
        return _go(row, receipt, Happening.DELIVER, now)
    if receipt.attempt != row.attempts or _is_of_another(row, receipt):
        return False  # a later try, or another provider's, is on its way or has arrived
    if receipt.try_again_after is not None and row.settled_at is None:
        if row.state in WAITING:
            return False  # it goes out again anyway
        if _try_again(row, receipt, now):
            return True
    return _go(row, receipt, Happening.FAIL, now)


def _is_of_another(row: Notice, receipt: Receipt) -> bool:
    """Whether another provider took this try after the one that reports now hung."""
    is_taken = row.state == NoticeState.ACCEPTED.value and bool(row.provider_id)
    return is_taken and receipt.provider_id not in {"", row.provider_id}


def _go(row: Notice, receipt: Receipt, happening: Happening, now: datetime) -> bool:
    state = next_state(NoticeState(row.state), happening)
    if state is None:
        return False
    row.state, row.reason, row.lease_until = state.value, receipt.reason, None
    row.provider_id = row.provider_id or receipt.provider_id
    row.accepted_at = row.accepted_at or now
    row.finished_at = None if happening is Happening.ACCEPT else now
    return True


def _try_again(row: Notice, receipt: Receipt, now: datetime) -> bool:
    """Plan a notice that did not arrive once more; False where that is no use."""
    decision = after_refusal(
        RULES[Urgency(row.urgency)],
        attempts=row.attempts,
        notice_id=row.id,
        first_due=row.first_due_at,
        asked_wait=receipt.try_again_after,
        now=now,
    )
    if row.state not in TAKEN or not isinstance(decision, Retry):
        return False
    row.state, row.due_at, row.lease_until = NoticeState.PLANNED.value, decision.at, None
    row.reason = receipt.reason
    return True


def _is_good(row: Notice) -> bool:
    return row.state in {NoticeState.ACCEPTED.value, NoticeState.DELIVERED.value}


def _note(receipt: Receipt, notice: Notice, now: datetime) -> None:
    """Complete the record of the try; whoever reports of it has taken it, whatever we heard."""
    row = _attempt(receipt) or Attempt(
        notice_id=notice.id,
        number=receipt.attempt,
        via=receipt.via,
        handed_over_at=notice.handed_over_at or now,
        answered_at=now,
    )
    row.accepted = True
    row.provider_id = row.provider_id or receipt.provider_id
    if receipt.delivered is not None and row.delivered is None:
        row.delivered, row.reported_at, row.detail = receipt.delivered, now, receipt.reason
    if receipt.cost is not None:
        row.cost, row.currency = receipt.cost, receipt.currency
    row.save()


def _attempt(receipt: Receipt) -> Attempt | None:
    rows = Attempt.objects.filter(notice_id=receipt.notice_id, number=receipt.attempt)
    if receipt.via:
        return rows.filter(via=receipt.via).first()
    return rows.filter(accepted=True).first() or rows.filter(via="").first()


def _dead(receipts: Sequence[Receipt], rows: dict[int, Notice]) -> dict[int, str]:
    """The reason for each contact method that a receipt declares dead."""
    found = {
        rows[receipt.notice_id].contact_method_id: receipt.reason
        for receipt in receipts
        if receipt.address_dead
    }
    return {method_id: reason for method_id, reason in found.items() if method_id is not None}
