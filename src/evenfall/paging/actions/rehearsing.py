"""Trying one's own rules: real notices, at their real times, about nothing."""

from datetime import datetime

from django.db import transaction

from evenfall.identity import queries as identity_queries
from evenfall.notifications import actions as notifications_actions
from evenfall.notifications import ports as notifications_ports
from evenfall.notifications import queries as notifications_queries
from evenfall.paging.logic import texts
from evenfall.paging.logic.rules import Planned, plan_notices_for
from evenfall.paging.logic.words import Response, Urgency
from evenfall.paging.queries.rules import hours_of, rules_of

REHEARSAL = "rehearsal"


def subject_of(user_id: int) -> str:
    return f"{REHEARSAL}:{user_id}"


def start_rehearsal(
    *, user_id: int, urgency: Urgency, team_id: int | None = None, now: datetime
) -> list[int]:
    """Send this person what a page would send, over the same channels; returns the notices.

    An earlier rehearsal ends. Each message can be acknowledged like a page, and the first answer
    ends this one.
    """
    with transaction.atomic():
        _end(user_id, "a new rehearsal began", now)
        notices = [
            notifications_ports.NewNotice(
                user_id=user_id,
                subject=subject_of(user_id),
                purpose="test",
                kind=planned.kind,
                urgency=urgency.value,
                due_at=planned.due_at,
                content=_content(urgency),
            )
            for planned in _planned(user_id, urgency, team_id, now)
        ]
        return notifications_actions.plan_notices(notices=notices, now=now)


def end_rehearsal(*, user_id: int, now: datetime) -> int:
    """Call back what has not been sent yet; returns how many there were."""
    return _end(user_id, "the rehearsal was ended", now)


def answer_rehearsal(*, user_id: int, now: datetime) -> int:
    """The reader answered: nothing more is sent."""
    return _end(user_id, "the rehearsal was answered", now)


def _end(user_id: int, reason: str, now: datetime) -> int:
    return notifications_actions.cancel_notices(
        subjects=[subject_of(user_id)], reason=reason, now=now
    )


def _planned(
    user_id: int, urgency: Urgency, team_id: int | None, now: datetime
) -> tuple[Planned, ...]:
    person = identity_queries.people([user_id])[user_id]
    return plan_notices_for(
        rules_of([user_id])[user_id],
        urgency=urgency,
        team_id=team_id,
        start=now,
        cut_off=None,
        working=hours_of([user_id])[user_id].window(person.time_zone),
        kinds=notifications_queries.reachable_kinds([user_id])[user_id],
    )


def _content(urgency: Urgency) -> notifications_ports.Content:
    word = "urgent" if urgency is Urgency.HIGH else "not urgent"
    answer = Response.ACKNOWLEDGE
    return notifications_ports.Content(
        title="Rehearsal: this is not a real page",
        lines=(
            f"This is how a page that is {word} reaches you by your rules.",
            "Acknowledge it as you would a real one: then the rest is not sent.",
        ),
        url="/profile/rules/",
        severity="info",
        actions=(notifications_ports.Action(name=answer.value, label=texts.LABELS[answer]),),
        tag="rehearsal",
    )
