"""Exceptions to a frozen budget: asked for by one, approved by another, looked at again."""

from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from msgspec import Struct

from evenfall.platform.events import publish
from evenfall.slo import errors, events
from evenfall.slo.actions.loading import about, locked, reason_of
from evenfall.slo.logic.states import ExceptionKind
from evenfall.slo.models import BudgetException, Objective

LONGEST: Final = timedelta(days=31)
REVIEW_WITHIN: Final = timedelta(days=92)


class ExceptionWish(Struct, frozen=True, kw_only=True):
    """Why somebody has to go on, until when, and when that is looked at again."""

    kind: ExceptionKind
    reason: str
    review_on: date
    ends_at: datetime


@transaction.atomic
def ask_exception(
    *, objective_id: int, wish: ExceptionWish, by: int, now: datetime, actor: str
) -> int:
    """Return the id of an exception that waits for its approval.

    Raises ObjectiveNotFound, ReasonMissing, TimesUnclear.
    """
    row, reason = locked(objective_id), reason_of(wish.reason)
    _check(wish, now)
    made = BudgetException.objects.create(
        objective=row,
        kind=wish.kind.value,
        reason=reason,
        review_on=wish.review_on,
        ends_at=wish.ends_at,
        asked_by_id=by,
        asked_at=now,
    )
    tell(row, made, "asked", now, actor)
    return made.pk


@transaction.atomic
def approve_exception(
    *, objective_id: int, exception_id: int, by: int, now: datetime, actor: str
) -> None:
    """Let changes pass until it ends. Twice is once.

    Raises ObjectiveNotFound, ExceptionNotFound, NotYourOwn.
    """
    row, found = _found(objective_id, exception_id, now)
    if found.asked_by_id == by:
        raise errors.NotYourOwn
    if found.approved_at is None:
        found.approved_by_id, found.approved_at = by, now
        found.save(update_fields=["approved_by", "approved_at"])
        tell(row, found, "approved", now, actor)


@transaction.atomic
def revoke_exception(
    *, objective_id: int, exception_id: int, by: int, now: datetime, actor: str
) -> None:
    """Refuse it, or end it early. Raises ObjectiveNotFound, ExceptionNotFound."""
    row, found = _found(objective_id, exception_id, now)
    found.revoked_by_id, found.revoked_at = by, now
    found.save(update_fields=["revoked_by", "revoked_at"])
    tell(row, found, "revoked", now, actor)


def _found(
    objective_id: int, exception_id: int, now: datetime
) -> tuple[Objective, BudgetException]:
    row = locked(objective_id)
    rows = BudgetException.objects.filter(objective=row, revoked_at=None, ends_at__gt=now)
    found = rows.filter(id=exception_id).first()
    if found is None:
        raise errors.ExceptionNotFound(objective=objective_id)
    return row, found


def _check(wish: ExceptionWish, now: datetime) -> None:
    if not timedelta() < wish.ends_at - now <= LONGEST:
        reason = "An exception ends within 31 days."
        raise errors.TimesUnclear(field="ends_at", reason=reason)
    if not now.date() < wish.review_on <= (now + REVIEW_WITHIN).date():
        reason = "It is looked at again on a day to come, within 92 days."
        raise errors.TimesUnclear(field="review_on", reason=reason)


def tell(row: Objective, one: BudgetException, step: str, now: datetime, actor: str) -> None:
    """Say which step an exception took."""
    publish(
        events.ExceptionMoved(
            **about(row, now=now, actor=actor),
            exception_id=one.pk,
            step=step,
            reason=one.reason,
            ends_at=one.ends_at,
        )
    )
