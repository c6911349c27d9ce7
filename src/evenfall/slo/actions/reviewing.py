"""Exceptions are looked back at: what came of them, and a reminder when nobody said it yet."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from evenfall.identity import queries as identity_queries
from evenfall.identity.queries import TeamPeople
from evenfall.notifications import actions as notifications_actions
from evenfall.notifications.ports import Content, News
from evenfall.slo import errors
from evenfall.slo.actions.excepting import tell
from evenfall.slo.actions.loading import locked, reason_of
from evenfall.slo.logic.states import ReviewOutcome
from evenfall.slo.models import BudgetException, ExceptionReview
from evenfall.slo.queries.exceptions import REVIEWS_URL, awaiting

BATCH: Final = 50
CHANNELS: Final = ("inbox", "email")
PURPOSE: Final = "objective"


@transaction.atomic
def review_exception(
    *,
    objective_id: int,
    exception_id: int,
    outcome: ReviewOutcome,
    note: str,
    by: int,
    now: datetime,
    actor: str,
) -> None:
    """Say what came of an exception; again replaces what was said.

    Raises ObjectiveNotFound, ExceptionNotFound, NothingToReview, NotYourOwn, ReasonMissing.
    """
    row = locked(objective_id)
    found = BudgetException.objects.filter(objective=row, id=exception_id).first()
    if found is None:
        raise errors.ExceptionNotFound(objective=objective_id)
    if found.approved_at is None:
        raise errors.NothingToReview
    if found.asked_by_id == by:
        raise errors.NotYourOwn
    said = {"outcome": outcome.value, "note": reason_of(note), "by_id": by, "at": now}
    ExceptionReview.objects.update_or_create(exception=found, defaults=said)
    tell(row, found, "reviewed", now, actor)


@transaction.atomic
def remind_reviews(*, now: datetime) -> int:
    """Tell those who approved that a review is due, once; return of how many exceptions."""
    due = awaiting().filter(review_on__lte=now.date(), reminded_at=None)
    rows = list(
        due.select_related("objective__service")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("review_on", "id")[:BATCH]
    )
    BudgetException.objects.filter(id__in=[row.pk for row in rows]).update(reminded_at=now)
    notifications_actions.tell_people(news=_news(rows), purpose=PURPOSE, now=now, kinds=CHANNELS)
    return len(rows)


def _news(rows: Sequence[BudgetException]) -> list[News]:
    teams = identity_queries.team_people({row.objective.service.team_id for row in rows})
    people = identity_queries.people({row.approved_by_id for row in rows if row.approved_by_id})
    active = {number for number, person in people.items() if person.is_active}
    return [
        News(user_id=user_id, subject=f"objective:{row.objective_id}", content=_content(row))
        for row in rows
        for user_id in _readers(row, active, teams)
    ]


def _readers(
    row: BudgetException, active: set[int], teams: Mapping[int, TeamPeople]
) -> Sequence[int]:
    """Whoever approved it; those who lead the team where that person is not here any more."""
    if row.approved_by_id in active:
        return [row.approved_by_id]
    team = teams.get(row.objective.service.team_id, TeamPeople())
    return [one for one in team.leading_ids if one != row.asked_by_id]


def _content(row: BudgetException) -> Content:
    return Content(
        title=f"Look back at the exception for {row.objective.name}"[:200],
        lines=(row.reason[:500], "Was it right, and what has to change? Say so in a line."),
        url=REVIEWS_URL,
        tag=f"budget-exception-{row.pk}",
    )
