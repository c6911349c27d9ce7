"""Which incidents and pages a replay leads to."""

from datetime import UTC, datetime, timedelta
from typing import Any

from evenfall.alerting.ports.proposals import Turn
from evenfall.incidents.logic.replaying import (
    CLOSED,
    HELD,
    OVER,
    URGENT,
    Answers,
    Incidents,
    usual,
)

T0 = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
USUAL = Answers(answered_after=5 * MINUTE)


def turn(number: int, minute: int, **fields: Any) -> Turn:
    told: dict[str, Any] = {
        "title": "Disk",
        "severity": "error",
        "environment": "PROD",
        "outcome": "page",
        "urgency": "high",
        "held_by": "",
        "group_key": "g",
        "service_id": None,
        "team_id": None,
        "policy_id": None,
        "rule_id": None,
    }
    return Turn(alert_id=number, at=T0 + minute * MINUTE, **{**told, **fields})


def taken(*turns: Turn, answers: dict[int, Answers] | None = None) -> Incidents:
    made = Incidents(answers or {}, usual=USUAL)
    for one in turns:
        made.take(one)
    made.finish(T0 + timedelta(days=1))
    return made


def rings(made: Incidents) -> list[list[tuple[int, int | None, str]]]:
    """From minute, to minute, why: of each page of each incident."""

    def minute(at: datetime | None) -> int | None:
        return None if at is None else int((at - T0) / MINUTE)

    return [
        [(minute(r.at) or 0, minute(r.stops_at), r.why_stopped) for r in one.rings]
        for one in made.all
    ]


def test_alerts_of_a_group_are_one_incident_until_all_are_over() -> None:
    made = taken(
        turn(1, 0), turn(2, 1), turn(1, 5, is_over=True), turn(2, 9, is_over=True), turn(3, 30)
    )
    assert rings(made) == [[(0, 9, OVER)], [(30, None, "")]]
    assert [list(one.severities) for one in made.all] == [[1, 2], [3]]


def test_back_within_minutes_is_the_same_incident_with_another_page() -> None:
    made = taken(turn(1, 0), turn(1, 5, is_over=True), turn(2, 14))
    assert rings(made) == [[(0, 5, OVER), (14, None, "")]]


def test_what_calls_nobody_is_no_incident_until_it_does() -> None:
    made = taken(turn(1, 0, held_by="silence:1"), turn(2, 0, outcome="ticket"), turn(1, 7))
    assert rings(made) == [[(7, None, "")]]


def test_a_page_stops_while_all_its_alerts_are_held() -> None:
    made = taken(
        turn(1, 0),
        turn(2, 0),
        turn(1, 3, held_by="silence:1"),
        turn(2, 4, held_by="silence:1"),
        turn(1, 8),
    )
    assert rings(made) == [[(0, 4, HELD), (8, None, "")]]


def test_what_becomes_urgent_is_paged_anew() -> None:
    made = taken(turn(1, 0, outcome="low", urgency="low"), turn(2, 3), turn(3, 4))
    assert rings(made) == [[(0, 3, URGENT), (3, None, "")]]
    assert [ring.urgency for ring in made.all[0].rings] == ["low", "high"]


def test_a_change_after_the_end_changes_nothing() -> None:
    resolved = {1: Answers(resolved_after=2 * MINUTE)}
    made = taken(turn(1, 0), turn(1, 30, severity="critical"), answers=resolved)
    assert rings(made) == [[(0, 2, CLOSED)]]
    late = taken(
        turn(1, 0), turn(2, 1), turn(1, 40, is_over=True), turn(2, 41, is_over=True),
        turn(2, 42, held_by="silence:3"), answers=resolved,
    )  # fmt: skip
    assert rings(late) == [[(0, 2, CLOSED)]]


def test_a_human_answer_is_taken_with_its_delay() -> None:
    known = {1: Answers(user_id=7, answered_after=3 * MINUTE)}
    (ring,) = taken(turn(1, 10), answers=known).all[0].rings
    assert ring.answered_at == T0 + 13 * MINUTE
    (other,) = taken(turn(2, 10), answers=known).all[0].rings
    assert other.answered_at == T0 + 15 * MINUTE
    (never,) = taken(turn(3, 0), answers={3: Answers()}).all[0].rings
    assert never.answered_at is None


def test_without_a_group_an_alert_is_its_own_incident() -> None:
    assert len(taken(turn(1, 0, group_key=""), turn(2, 0, group_key="")).all) == 2


def test_the_usual_answer_is_the_median_of_incidents() -> None:
    quick, slow = Answers(answered_after=MINUTE), Answers(answered_after=9 * MINUTE)
    shared = {1: quick, 2: quick, 3: quick, 4: slow, 5: slow, 6: Answers()}
    assert usual(shared, otherwise=MINUTE).answered_after == 9 * MINUTE
    assert usual({}, otherwise=2 * MINUTE).answered_after == 2 * MINUTE
