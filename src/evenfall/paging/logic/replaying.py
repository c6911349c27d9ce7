"""Whom a page would have called: the same state machine and the same search, over past moments."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct

from evenfall.paging.logic import machine, walk
from evenfall.paging.logic.machine import PageState
from evenfall.paging.logic.people import Directory
from evenfall.paging.logic.policy import PolicySpec
from evenfall.paging.logic.words import Response, Urgency

MOST_STEPS: Final = 200
"""A page that nobody answers goes on every quarter of an hour; two days of it say enough."""


class Answer(Struct, frozen=True, kw_only=True):
    """What a human did, and when. `user_id` None: nobody knows who."""

    at: datetime
    response: Response
    user_id: int | None


class PastPage(Struct, frozen=True, kw_only=True):
    """A page of the past, under a policy; `stops_at` None: it rings to the end of the time."""

    starts_at: datetime
    stops_at: datetime | None
    urgency: Urgency
    severity: str | None
    policy: PolicySpec
    team_id: int | None
    answers: Sequence[Answer] = ()


class Call(Struct, frozen=True, kw_only=True):
    """One person called by one step. `is_reached`: by more than the inbox."""

    at: datetime
    user_id: int
    why: str
    is_reached: bool = True


def calls_of(
    page: PastPage, *, directory_at: Callable[[datetime], Directory], until: datetime
) -> Iterator[Call]:
    """Everybody the page would have called, by time, up to `until`.

    A step and an answer at the same instant: the step comes first, as it does in the product.
    """
    state = machine.first_state(urgency=page.urgency, severity=page.severity, now=page.starts_at)
    answers = sorted(page.answers, key=lambda answer: answer.at)
    end = min(page.stops_at or until, until)
    for _ in range(MOST_STEPS):
        due, answered = state.due_at, answers[0].at if answers else None
        if due is not None and due <= end and (answered is None or due <= answered):
            outcome = walk.take_due(
                state,
                policy=page.policy,
                team_id=page.team_id,
                directory=directory_at(due),
                now=due,
            )
            state = outcome.state
            yield from _calls(outcome, due)
        elif answered is not None and answered <= end:
            state = _answered(state, page.policy, answers.pop(0))
        else:
            return


def _answered(state: PageState, policy: PolicySpec, answer: Answer) -> PageState:
    return machine.respond(state, policy, answer.response, by=answer.user_id, now=answer.at).state


def _calls(outcome: walk.Outcome, at: datetime) -> Iterator[Call]:
    for found in outcome.people:
        yield Call(at=at, user_id=found.user_id, why=found.why)
    for missed in outcome.unreached:
        yield Call(at=at, user_id=missed.user_id, why=missed.why, is_reached=False)
