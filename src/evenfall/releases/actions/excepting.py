"""Exceptions: asked for by one person, signed by another, reviewed once they were used."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from msgspec import Struct

from evenfall.platform.events import publish
from evenfall.releases import errors, events, queries
from evenfall.releases.actions import asking, loading, telling
from evenfall.releases.logic.answers import NO_EXCEPTION
from evenfall.releases.logic.rules import GATES
from evenfall.releases.logic.states import WAITING
from evenfall.releases.logic.words import ExceptionKind
from evenfall.releases.models import ReleaseException


class ExceptionWish(Struct, frozen=True, kw_only=True):
    """Which gates are to let a release through, why, until when, and when somebody looks back."""

    kind: ExceptionKind
    gates: Collection[str]
    reason: str
    expires_at: datetime
    review_on: date


@transaction.atomic
def ask_exception(
    *, passage_id: int, wish: ExceptionWish, user_id: int, now: datetime, actor: str
) -> int:
    """Ask for it and tell those who may sign; return its id.

    Raises PassageNotFound, NotWaiting, GateUnknown, ReasonMissing, SpanNotValid.
    """
    row = loading.passage(passage_id)
    if row.state not in WAITING:
        raise errors.NotWaiting(state=row.state)
    gates = _gates(wish.gates)
    reason = loading.reason_of(wish.reason)
    if wish.expires_at <= now:
        raise errors.SpanNotValid(field="expires_at")
    asked = ReleaseException.objects.create(
        passage=row,
        kind=wish.kind.value,
        gates=gates,
        reason=reason,
        asked_by_id=user_id,
        asked_at=now,
        expires_at=wish.expires_at,
        review_on=wish.review_on,
    )
    publish(
        events.ExceptionAsked(
            **loading.about_passage(row, now=now, actor=actor),
            exception_id=asked.pk,
            gates=tuple(gates),
            reason=reason,
            exception_kind=wish.kind.value,
        )
    )
    telling.exception_waits(row, asked, now=now)
    return asked.pk


@transaction.atomic
def decide_exception(
    *,
    exception_id: int,
    is_signed: bool,
    reason: str = "",
    user_id: int,
    now: datetime,
    actor: str,
) -> None:
    """Sign it or refuse it; a refusal wants a reason. The first of two who decide at once counts.

    Raises ExceptionNotFound, AlreadyDecided, NotByOneself, ReasonMissing.
    """
    row = _lock(exception_id)
    if row.decided_at is not None:
        raise errors.AlreadyDecided
    if row.asked_by_id == user_id:
        raise errors.NotByOneself
    row.decision = loading.text_of(reason) if is_signed else loading.reason_of(reason)
    row.is_signed, row.decided_by_id, row.decided_at = is_signed, user_id, now
    row.save(update_fields=["decision", "is_signed", "decided_by", "decided_at"])
    passage = loading.passage(row.passage_id)
    publish(
        events.ExceptionDecided(
            **loading.about_passage(passage, now=now, actor=actor),
            exception_id=row.pk,
            gates=tuple(row.gates),
            is_signed=is_signed,
            reason=row.decision,
        )
    )
    telling.exception_decided(passage, row, now=now)
    if passage.state in WAITING:
        found = queries.answers_of([passage], now=now)[passage.pk]
        asking.keep(passage, found, now=now, actor=actor)


@transaction.atomic
def review_exception(
    *, exception_id: int, review: str, user_id: int, now: datetime, actor: str
) -> None:
    """Say what came of it; a second review replaces the first. Raises …, ReasonMissing."""
    row = _lock(exception_id)
    row.review = loading.text_of(review)
    if not row.review:
        raise errors.ReasonMissing(field="review")
    row.reviewed_by_id, row.reviewed_at = user_id, now
    row.save(update_fields=["review", "reviewed_by", "reviewed_at"])
    passage = loading.passage(row.passage_id)
    publish(
        events.ExceptionReviewed(
            **loading.about_passage(passage, now=now, actor=actor),
            exception_id=row.pk,
            gates=tuple(row.gates),
            review=row.review,
        )
    )


@transaction.atomic
def remind_reviews(*, now: datetime) -> int:
    """Tell who signed that a used exception is to be looked back at, once; return how many."""
    due = ReleaseException.objects.filter(
        used_at__isnull=False,
        reviewed_at=None,
        reminded_at=None,
        review_on__lte=now.date(),
    )
    rows = list(due.select_for_update(skip_locked=True).order_by("review_on", "id")[:50])
    for row in rows:
        row.reminded_at = now
        row.save(update_fields=["reminded_at"])
        telling.review_waits(loading.passage(row.passage_id), row, now=now)
    return len(rows)


def _gates(wanted: Collection[str]) -> list[str]:
    allowed = [gate for gate in GATES if gate not in NO_EXCEPTION]
    strange = sorted(set(wanted) - set(allowed))
    if strange or not wanted:
        said = strange[0] if strange else "Nothing"
        raise errors.GateUnknown(field="gates", gate=said, known=", ".join(allowed))
    return [gate for gate in allowed if gate in set(wanted)]


def _lock(exception_id: int) -> ReleaseException:
    row = ReleaseException.objects.select_for_update().filter(id=exception_id).first()
    if row is None:
        raise errors.ExceptionNotFound(exception_id=exception_id)
    return row
