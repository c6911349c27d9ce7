from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.triage.logic.bandwidth import PersonWeek, Work, ordered, plan, total_hours
from evenfall.triage.logic.priority import Level, Priority, matrix, priority_of
from evenfall.triage.logic.score import Override, Worth, score

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
MONDAY = date(2026, 3, 2)
HOUR = timedelta(hours=1)


def worth(**known: object) -> Worth:
    given_ = {"impact": Level.MEDIUM, "urgency": Level.MEDIUM, **known}
    return Worth(**given_)  # type: ignore[arg-type] # the fields of Worth


def total(**known: object) -> float:
    return score(worth(**known), now=NOW).total


def test_the_matrix_is_that_of_itil() -> None:
    rows = [[one.value for one in row] for _, row in matrix()]
    assert rows == [["P1", "P2", "P3"], ["P2", "P3", "P4"], ["P3", "P4", "P5"]]
    assert priority_of(Level.LOW, Level.HIGH) is Priority.P3


def test_a_score_is_the_product_of_its_parts() -> None:
    known = worth(
        impact=Level.HIGH,
        users_affected=99,
        confidence=0.5,
        multiplier=2.0,
        effort_hours=16,
        elapsed=20 * HOUR,
        target=40 * HOUR,
        recurs=True,
    )
    found = score(known, now=NOW)
    assert found.computed == pytest.approx(4 * 2 * 3 * 0.5 * 2 * 1.25 * 1.5 / 4)
    assert "Impact 4.00" in found.shown.sum
    assert found.shown.sum.endswith(f"= {found.computed:.1f}")
    assert [part.name for part in found.parts if part.divides] == ["Effort"]


def test_age_doubles_at_most_and_less_than_an_hour_is_an_hour() -> None:
    old = total(elapsed=500 * HOUR, target=40 * HOUR)
    assert old == pytest.approx(2 * total())
    assert total(elapsed=80 * HOUR) == pytest.approx(1.5 * total())
    assert total(effort_hours=0.1) == total(effort_hours=1) == total()


def test_an_override_counts_until_it_ends() -> None:
    by_hand = Override(score=77.0, reason="The fair", until=NOW + HOUR)
    assert score(worth(), override=by_hand, now=NOW).total == 77.0
    after = score(worth(), override=by_hand, now=NOW + HOUR)
    assert (after.total, after.override) == (total(), None)


def test_a_pin_goes_before_every_score() -> None:
    pinned = score(worth(pin="legal", impact=Level.LOW), now=NOW)
    assert pinned.rank > score(worth(impact=Level.HIGH, users_affected=10**6), now=NOW).rank


@given(st.sampled_from(Level), st.sampled_from(Level), st.integers(0, 10**6), st.floats(0.5, 1))
def test_nothing_is_worth_less_for_more_people(
    impact: Level, urgency: Level, users: int, confidence: float
) -> None:
    known = {"impact": impact, "urgency": urgency, "confidence": confidence}
    assert total(**known, users_affected=users) <= total(**known, users_affected=users + 1)
    assert total(**known) >= 0.5


def test_the_hours_of_a_week() -> None:
    whole = PersonWeek(name="Ada")
    assert whole.hours == pytest.approx(40 * 0.7 * 0.2)
    on_call = PersonWeek(name="Ben", on_call=1.0, meetings=4, sprint=6)
    assert on_call.hours == pytest.approx(((28 - 4) / 2 - 6) * 0.2)
    assert PersonWeek(name="Eve", leave=40).hours == 0
    assert total_hours([whole, on_call]) == pytest.approx(whole.hours + on_call.hours)


def work(item_id: int, hours: float | None, points: float, due_at: datetime | None = None) -> Work:
    return Work(item_id=item_id, rank=(False, points), effort_hours=hours, due_at=due_at)


def test_what_is_at_risk_goes_first_then_the_score() -> None:
    works = [work(1, 1, 5), work(2, 1, 9), work(3, 1, 1, NOW + 2 * HOUR), work(4, 1, 1, NOW)]
    assert [one.item_id for one in ordered(works)] == [4, 3, 2, 1]


def test_the_first_that_does_not_fit_is_named_with_its_week() -> None:
    found = plan([work(1, 6, 9), work(2, None, 8), work(3, 1, 7)], hours=8, monday=MONDAY)
    assert (found.fits, found.used) == ((1,), 6)
    assert found.first_out is not None
    assert (found.first_out.item_id, found.first_out.extra_hours) == (2, 2)
    assert found.first_out.monday == MONDAY + timedelta(weeks=1)


def test_without_hours_nothing_fits_and_no_week_is_promised() -> None:
    found = plan([work(1, 1, 1)], hours=0, monday=MONDAY)
    assert found.first_out is not None
    assert found.first_out.monday is None
    assert plan([], hours=0, monday=MONDAY).first_out is None


@given(st.lists(st.tuples(st.floats(0.5, 60), st.floats(0, 100)), max_size=20), st.floats(0.5, 80))
def test_a_week_is_never_fuller_than_its_hours(
    items: list[tuple[float, float]], hours: float
) -> None:
    works = [work(number, *item) for number, item in enumerate(items)]
    found = plan(works, hours=hours, monday=MONDAY)
    assert found.used <= hours
    assert (found.first_out is None) == (len(found.fits) == len(works))
    if found.first_out is not None:
        more = plan(works, hours=hours + found.first_out.extra_hours * 1.0001, monday=MONDAY)
        assert found.first_out.item_id in more.fits
