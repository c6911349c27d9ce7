from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.triage.logic.bandwidth import PersonWeek, Work, plan, total_hours
from evenfall.triage.logic.skills import are_sound, skills_of

MONDAY = date(2026, 3, 2)
ADA = PersonWeek(name="Ada", skills=("rust", "sql"))
BEN = PersonWeek(name="Ben", skills=("sql",))
EVE = PersonWeek(name="Eve")
WORDS = ("rust", "sql", "german")


def work(item_id: int, hours: float, *skills: str, week: date | None = None) -> Work:
    return Work(
        item_id=item_id,
        rank=(False, 100.0 - item_id),
        effort_hours=hours,
        skills=frozenset(skills),
        week=week,
    )


def planned(*works: Work, hours: float | None = None) -> tuple[tuple[int, ...], dict[int, str]]:
    people = [ADA, BEN, EVE]
    found = plan(works, hours=hours or total_hours(people), monday=MONDAY, people=people)
    return found.fits, {one.item_id: one.why for one in found.skipped}


def test_skills_are_words() -> None:
    assert skills_of([" SQL ", "Machine  learning", "sql", ""]) == ("machine learning", "sql")
    assert are_sound(["x" * 40])
    assert not are_sound(["x" * 41])
    assert not are_sound([str(number) for number in range(21)])


def test_what_nobody_can_is_skipped_and_the_rest_goes_on() -> None:
    fits, why = planned(work(1, 1, "german"), work(2, 1))
    assert fits == (2,)
    assert why == {1: "Nobody in the team has the skills: german."}
    assert planned(work(1, 1, "rust", "german"))[1]


def test_whoever_can_has_no_hours_left() -> None:
    fits, why = planned(work(1, 5, "rust"), work(2, 2, "rust"), work(3, 2, "sql"))
    assert fits == (1, 3)
    assert why == {2: "Those with the skills rust have 0.6 h left; it takes 2 h."}


def test_work_for_anybody_leaves_the_hours_of_those_who_can_more() -> None:
    assert planned(work(1, 5), work(2, 5, "sql"), work(3, 5, "rust"))[0] == (1, 2, 3)


def test_several_who_can_may_share_what_is_long() -> None:
    assert planned(work(1, 11, "sql"))[0] == (1,)


def test_hours_that_a_team_set_are_shared_out() -> None:
    assert planned(work(1, 2, "rust"), hours=6)[0] == (1,)
    assert planned(work(1, 3, "rust"), hours=6)[0] == ()


def test_what_has_a_week_waits_for_it_and_then_goes_first() -> None:
    later = work(1, 1, week=MONDAY + timedelta(weeks=1))
    fits, why = planned(later, work(2, 1), work(3, 1, week=MONDAY))
    assert fits == (3, 2)
    assert why == {1: "It is put into the week of 09 Mar 2026."}


def test_a_team_without_known_people_has_no_skills() -> None:
    found = plan([work(1, 1, "sql"), work(2, 1)], hours=4, monday=MONDAY)
    assert (found.fits, len(found.skipped)) == ((2,), 1)


@pytest.mark.parametrize("leave", [40, 0])
def test_hours_of_a_team_that_is_away_are_shared_alike(leave: float) -> None:
    people = [PersonWeek(name="A", leave=leave, skills=("sql",)), PersonWeek(name="B", leave=leave)]
    assert plan([work(1, 2, "sql")], hours=4, monday=MONDAY, people=people).fits == (1,)


skills = st.sets(st.sampled_from(WORDS))
people = st.lists(
    st.builds(
        lambda known, leave: PersonWeek(name="x", skills=tuple(known), leave=leave),
        skills,
        st.floats(0, 28),
    ),
    min_size=1,
    max_size=5,
)


@given(people, st.lists(st.tuples(st.floats(0.5, 9), skills), max_size=15), st.floats(0, 40))
def test_no_hour_is_given_twice_and_nobody_does_what_they_cannot(
    team: list[PersonWeek], items: list[tuple[float, set[str]]], hours: float
) -> None:
    works = [work(number, effort, *wanted) for number, (effort, wanted) in enumerate(items)]
    found = plan(works, hours=hours, monday=MONDAY, people=team)
    fitting = [one for one in works if one.item_id in found.fits]
    assert found.used == pytest.approx(sum(one.hours for one in fitting))
    assert found.used <= hours
    total = total_hours(team)
    for word in WORDS:
        able = [one for one in team if word in one.skills]
        share = total_hours(able) / total if total else len(able) / len(team)
        wanted = sum(one.hours for one in fitting if word in one.skills)
        assert wanted <= hours * share + 1e-6
    told = {one.item_id for one in found.skipped}
    assert not told & set(found.fits)
    assert all(works[number].skills for number in told)
