"""The planted day: the same from the same seed, whole, and never in doubt about what is one."""

from datetime import timedelta
from itertools import pairwise

import pytest
from tests.day.company import TEAMS
from tests.day.generator import SIGNALS, TooManySignals, make_day
from tests.day.plan import LASTS, RESEND, STEP, Day, Firing, Sender, signals_of
from tests.day.planting import APART


@pytest.fixture(scope="module")
def day() -> Day:
    return make_day()


def told(day: Day) -> list[tuple[object, ...]]:
    return [(one.at, one.firing.id, one.severity, one.until) for one in day.signals]


def test_the_same_seed_gives_the_same_day(day: Day) -> None:
    again = make_day()
    assert told(again) == told(day)
    assert (again.problems, again.incidents, again.quiet) == (
        day.problems,
        day.incidents,
        day.quiet,
    )
    assert again.company == day.company


def test_another_seed_gives_another_day(day: Day) -> None:
    assert told(make_day(seed=7)) != told(day)


def test_it_has_twenty_thousand_signals_in_time_order(day: Day) -> None:
    assert len(day.signals) == SIGNALS == 20_000
    assert all(one.at <= other.at for one, other in pairwise(day.signals))
    assert all(day.starts <= one.at < day.ends for one in day.signals)
    assert all((one.at - day.starts) % STEP == timedelta() for one in day.signals)


def test_eight_teams_own_sixty_services(day: Day) -> None:
    assert len(TEAMS) == 8
    assert len(day.company.services) == 60


def test_every_alert_is_either_of_one_incident_or_quiet(day: Day) -> None:
    seated = [number for one in day.incidents for number in one.firings]
    assert len(seated) == len(set(seated))
    assert set(seated).isdisjoint(day.quiet)
    assert {*seated, *day.quiet} == set(day.firings)
    assert {one.firing.id for one in day.signals} == set(day.firings)


def test_every_problem_has_an_incident_with_a_page_that_wakes(day: Day) -> None:
    paged = {one.problem for one in day.incidents if any(call.is_urgent for call in one.calls)}
    assert paged - {""} == set(day.problems)


def test_no_alert_is_of_two_problems(day: Day) -> None:
    numbers = [number for one in day.problems.values() for number in one.firings]
    assert len(numbers) == len(set(numbers))


def test_what_goes_on_at_once_is_nowhere_near_each_other(day: Day) -> None:
    by_problem = {
        number: (
            one,
            frozenset(day.firings[n].labels["service"] for n in one.firings),
            next(i.environment for i in day.incidents if i.problem == number),
        )
        for number, one in day.problems.items()
        if one.story != "a problem of its own behind a cause"
    }
    for number, (one, services, environment) in by_problem.items():
        near = day.company.near(services)
        for other_number, (other, others, where) in by_problem.items():
            if number < other_number and where == environment:
                is_apart = one.began >= other.ended + APART or other.began >= one.ended + APART
                assert is_apart or near.isdisjoint(others), (one, other)


def firing(day: Day, **fields: object) -> Firing:
    given: dict[str, object] = {
        "id": "a1",
        "labels": {"alertname": "Down", "service": "dns", "env": "PROD"},
        "severity": "error",
        "summary": "Down",
        "began": day.starts,
        "ended": day.starts + 2 * RESEND + STEP,
    }
    return Firing(**{**given, **fields})  # type: ignore[arg-type] # fields by name


def test_an_alert_is_repeated_until_its_end_is_told(day: Day) -> None:
    signals = signals_of(firing(day))
    assert [(one.at - day.starts, one.is_over) for one in signals] == [
        (timedelta(), False),
        (RESEND, False),
        (2 * RESEND, False),
        (2 * RESEND + STEP, True),
    ]
    assert [one.is_first for one in signals] == [True, False, False, False]
    assert signals[0].until == day.starts + LASTS


def test_at_its_end_it_is_not_repeated_as_well(day: Day) -> None:
    signals = signals_of(firing(day, ended=day.starts + RESEND))
    assert [one.is_over for one in signals] == [False, True]


def test_two_replicas_say_everything_twice(day: Day) -> None:
    assert len(signals_of(firing(day, is_doubled=True))) == 8


def test_a_sender_that_vanishes_tells_of_no_end(day: Day) -> None:
    signals = signals_of(firing(day, ended=None, last_told=day.starts + RESEND))
    assert [one.at - day.starts for one in signals] == [timedelta(), RESEND]
    assert not any(one.is_over for one in signals)


def test_a_batch_job_repeats_nothing_but_says_when_it_gets_worse(day: Day) -> None:
    signals = signals_of(firing(day, sender=Sender.BATCH, raised_at=day.starts + RESEND))
    assert [(one.severity, one.is_over, one.until is None) for one in signals] == [
        ("error", False, True),
        ("critical", False, True),
        ("error", True, False),
    ]


def test_a_smaller_day_is_possible_and_one_too_small_says_so() -> None:
    assert len(make_day(signals=3_000, share=0.1).signals) == 3_000
    with pytest.raises(TooManySignals):
        make_day(signals=500)


@pytest.mark.parametrize("seed", range(5))
def test_days_of_other_seeds_are_whole_as_well(seed: int) -> None:
    made = make_day(seed=seed)
    assert len(made.signals) == SIGNALS
    assert {n for one in made.incidents for n in one.firings} | set(made.quiet) == set(made.firings)
