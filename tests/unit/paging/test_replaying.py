"""Whom a page of the past would have called."""

from datetime import UTC, datetime, timedelta
from typing import Any

from evenfall.paging.logic.people import Directory, DutyNow
from evenfall.paging.logic.policy import PolicySpec, StepSpec, TargetSpec
from evenfall.paging.logic.replaying import MOST_STEPS, Answer, PastPage, calls_of
from evenfall.paging.logic.words import AtEnd, Response, TargetKind, Urgency

T0 = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ROTA = TargetSpec(kind=TargetKind.ROTA, id=1)
SECOND = TargetSpec(kind=TargetKind.LIEUTENANT, id=1)
POLICY = PolicySpec(steps=(StepSpec(targets=(ROTA,)), StepSpec(targets=(SECOND,))), rounds=1)
PEOPLE = frozenset(range(1, 10))


def directory_at(at: datetime) -> Directory:
    """Somebody else is on call from the third minute on."""
    primary = 1 if at < T0 + 3 * MINUTE else 3
    duty = DutyNow(name="Weekly", primary=primary, lieutenant=2)
    return Directory(rotas={1: duty}, administrator_ids=(9,), active=PEOPLE, reachable=PEOPLE - {4})


def called(*answers: Answer, stops: int | None = None, **more: Any) -> list[tuple[int, int]]:
    """(minute, who) of each call."""
    told: dict[str, Any] = {"policy": POLICY, "urgency": Urgency.HIGH, **more}
    page = PastPage(
        starts_at=T0,
        stops_at=None if stops is None else T0 + stops * MINUTE,
        severity="error",
        team_id=None,
        answers=answers,
        **told,
    )
    found = calls_of(page, directory_at=directory_at, until=T0 + 60 * MINUTE)
    return [(int((one.at - T0) / MINUTE), one.user_id) for one in found]


def test_nobody_answers() -> None:
    assert called() == [(0, 1), (5, 2), (10, 9), (25, 9), (40, 9), (55, 9)]


def test_a_page_stops_when_its_incident_does() -> None:
    assert called(stops=7) == [(0, 1), (5, 2)]


def test_an_answer_ends_the_search() -> None:
    answer = Answer(at=T0 + 4 * MINUTE, response=Response.ON_IT, user_id=1)
    assert called(answer) == [(0, 1)]
    # a step that is due at the same instant comes first
    late = Answer(at=T0 + 5 * MINUTE, response=Response.ON_IT, user_id=1)
    assert called(late) == [(0, 1), (5, 2)]
    assert called(Answer(at=T0 + 90 * MINUTE, response=Response.ON_IT, user_id=1)) == called()


def test_who_is_on_call_is_looked_up_at_each_step() -> None:
    twice = PolicySpec(steps=(StepSpec(targets=(ROTA,)),), at_end=AtEnd.REPEAT)
    assert called(policy=twice, stops=6) == [(0, 1), (5, 3)]


def test_somebody_with_nothing_but_the_inbox_is_told_there() -> None:
    target = TargetSpec(kind=TargetKind.USER, id=4)
    page = PastPage(
        starts_at=T0,
        stops_at=T0 + MINUTE,
        urgency=Urgency.HIGH,
        severity=None,
        policy=PolicySpec(steps=(StepSpec(targets=(target,)),), rounds=1),
        team_id=None,
    )
    found = calls_of(page, directory_at=directory_at, until=T0 + MINUTE)
    assert [(one.user_id, one.is_reached) for one in found] == [(9, True), (4, False)]


def test_a_page_that_never_ends_is_followed_long_enough() -> None:
    hurried = PolicySpec(steps=(StepSpec(targets=(ROTA,), delay_minutes=1),), at_end=AtEnd.REPEAT)
    page = PastPage(
        starts_at=T0,
        stops_at=None,
        urgency=Urgency.HIGH,
        severity=None,
        policy=hurried,
        team_id=None,
    )
    found = list(calls_of(page, directory_at=directory_at, until=T0 + timedelta(days=9)))
    assert len(found) == MOST_STEPS
