"""Exceptions to frozen budgets: of one objective, and all that want a look back."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from django.db.models import QuerySet
from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.platform import pages
from evenfall.slo.logic.states import ExceptionKind, ReviewOutcome
from evenfall.slo.models import BudgetException, ExceptionReview

MOST: Final = 200
REVIEWS_URL: Final = "/objectives/exceptions/"


class ReviewView(Struct, frozen=True, kw_only=True):
    """What somebody said an exception was, afterwards."""

    outcome: ReviewOutcome
    note: str
    by: str
    at: datetime


class ExceptionView(Struct, frozen=True, kw_only=True):
    """`state` is asked, approved, revoked or over; `is_due` when its review is."""

    id: int
    objective_id: int
    objective: str
    service: str
    team_id: int
    kind: ExceptionKind
    reason: str
    review_on: date
    ends_at: datetime
    asked_by_id: int | None
    asked_by: str
    asked_at: datetime
    approved_by: str
    approved_at: datetime | None
    revoked_by: str
    revoked_at: datetime | None
    state: str
    review: ReviewView | None
    awaits_review: bool
    is_due: bool


def exceptions(objective_id: int, *, now: datetime) -> list[ExceptionView]:
    """The newest first."""
    rows = _rows().filter(objective_id=objective_id)
    return _views(list(rows.order_by("-asked_at", "-id")[:MOST]), now)


def exceptions_page(
    *, is_reviewed: bool, cursor: str | None = None, size: int = 30, now: datetime
) -> pages.Page[ExceptionView]:
    """Those that wait for their review, the most urgent first; or those that had it, newest first.

    Exceptions of archived objectives wait for nothing.
    """
    rows = _rows().exclude(review=None) if is_reviewed else awaiting(_rows())
    order = ("-approved_at", "-id") if is_reviewed else ("review_on", "id")
    page = pages.keyset(rows, order=order, cursor=cursor, size=size)
    return page.holding(_views(page.items, now))


def due_reviews(*, now: datetime) -> int:
    """How many reviews are due."""
    return awaiting().filter(review_on__lte=now.date()).count()


def awaiting(rows: QuerySet[BudgetException] | None = None) -> QuerySet[BudgetException]:
    """Approved, not looked back at yet, of objectives that still promise something."""
    rows = BudgetException.objects.all() if rows is None else rows
    return rows.filter(approved_at__isnull=False, review=None, objective__archived_at=None)


def _rows() -> QuerySet[BudgetException]:
    return BudgetException.objects.select_related("objective__service", "review")


def _views(rows: Sequence[BudgetException], now: datetime) -> list[ExceptionView]:
    reviews = {row.pk: review for row in rows if (review := getattr(row, "review", None))}
    people = [
        number
        for row in rows
        for number in (row.asked_by_id, row.approved_by_id, row.revoked_by_id)
    ]
    names = identity_queries.names([*people, *(one.by_id for one in reviews.values())])
    return [_view(row, reviews.get(row.pk), names, now) for row in rows]


def _view(
    row: BudgetException, review: ExceptionReview | None, names: Mapping[int, str], now: datetime
) -> ExceptionView:
    objective = row.objective
    awaits = row.approved_at is not None and review is None and objective.archived_at is None
    return ExceptionView(
        id=row.pk,
        objective_id=objective.pk,
        objective=objective.name,
        service=objective.service.name,
        team_id=objective.service.team_id,
        kind=ExceptionKind(row.kind),
        reason=row.reason,
        review_on=row.review_on,
        ends_at=row.ends_at,
        asked_by_id=row.asked_by_id,
        asked_by=_name(names, row.asked_by_id),
        asked_at=row.asked_at,
        approved_by=_name(names, row.approved_by_id),
        approved_at=row.approved_at,
        revoked_by=_name(names, row.revoked_by_id),
        revoked_at=row.revoked_at,
        state=_state(row, now),
        review=None if review is None else _review(review, names),
        awaits_review=awaits,
        is_due=awaits and row.review_on <= now.date(),
    )


def _review(row: ExceptionReview, names: Mapping[int, str]) -> ReviewView:
    by = _name(names, row.by_id)
    return ReviewView(outcome=ReviewOutcome(row.outcome), note=row.note, by=by, at=row.at)


def _state(row: BudgetException, now: datetime) -> str:
    if row.revoked_at is not None:
        return "revoked"
    if row.ends_at <= now:
        return "over"
    return "asked" if row.approved_at is None else "approved"


def _name(names: Mapping[int, str], number: int | None) -> str:
    return "" if number is None else names.get(number, "")
