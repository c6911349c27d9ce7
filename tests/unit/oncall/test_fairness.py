import random
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.oncall.logic import fairness

values = st.lists(st.floats(0, 1e6), min_size=1, max_size=12)
shares = st.lists(st.sampled_from([0.2, 0.5, 0.8, 1.0]), min_size=2, max_size=8)


@given(values)
def test_gini_lies_between_nothing_and_one(xs: list[float]) -> None:
    assert 0 <= fairness.gini(xs) < 1


@given(values)
def test_gini_is_the_mean_difference_over_twice_the_mean(xs: list[float]) -> None:
    mean = fmean(xs)
    pairs = sum(abs(x - y) for x in xs for y in xs)
    expected = pairs / (2 * len(xs) ** 2 * mean) if mean else 0
    assert fairness.gini(xs) == pytest.approx(expected, abs=1e-9)


@given(st.floats(0.1, 1e6), st.integers(1, 12))
def test_indices_of_equal_values_are_those_of_fairness(value: float, count: int) -> None:
    assert fairness.gini([value] * count) == pytest.approx(0, abs=1e-9)
    assert fairness.jain([value] * count) == pytest.approx(1)


@given(st.lists(st.floats(0.001, 1e6), min_size=1, max_size=12), st.floats(0.1, 100))
def test_indices_do_not_depend_on_the_unit(xs: list[float], factor: float) -> None:
    scaled = [x * factor for x in xs]
    assert fairness.gini(scaled) == pytest.approx(fairness.gini(xs), abs=1e-9)
    assert fairness.jain(scaled) == pytest.approx(fairness.jain(xs))


@given(st.lists(st.floats(0, 1e6), min_size=2, max_size=12), st.randoms())
def test_indices_do_not_depend_on_the_order(xs: list[float], rng: random.Random) -> None:
    mixed = rng.sample(xs, len(xs))
    assert fairness.gini(mixed) == pytest.approx(fairness.gini(xs), abs=1e-12)
    assert 1 / len(xs) - 1e-9 <= fairness.jain(mixed) <= 1 + 1e-9


def test_one_who_has_everything_is_as_unfair_as_it_gets() -> None:
    assert fairness.gini([0, 0, 0, 8]) == pytest.approx(0.75)
    assert fairness.jain([0, 0, 0, 8]) == pytest.approx(0.25)


def test_spread_names_every_index_from_four_people_on() -> None:
    found = fairness.spread([1, 2, 3, 6])
    assert (found.people, found.mean, found.span) == (4, 3, 5)
    assert found.gini == pytest.approx(0.3333, abs=1e-4)
    assert found.variation == pytest.approx(0.6236, abs=1e-4)
    assert found.max_to_median == pytest.approx(2.4)
    assert found.jain == pytest.approx(0.72)


def test_spread_of_three_people_is_only_a_range() -> None:
    found = fairness.spread([1, 2, 6])
    assert (found.people, found.span, found.gini, found.jain) == (3, 5, None, None)


def test_spread_of_nothing_is_even() -> None:
    assert fairness.spread([]).people == 0
    quiet = fairness.spread([0, 0, 0, 0])
    assert (quiet.gini, quiet.variation, quiet.max_to_median, quiet.jain) == (0, 0, None, 1)


@pytest.mark.parametrize("events", [1, 7, 40, 400])
@pytest.mark.parametrize("people", [(1.0,) * 6, (1.0, 1.0, 0.5, 0.8, 1.0)])
def test_chance_alone_gives_what_a_simulation_gives(events: int, people: tuple[float, ...]) -> None:
    rng = random.Random(17)
    total = sum(people)
    sums = [0.0, 0.0]
    for _ in range(1500):
        hits = rng.choices(range(len(people)), weights=people, k=events)
        rates = [hits.count(one) / share for one, share in enumerate(people)]
        sums[0] += sum(abs(x - y) for x in rates for y in rates)
        sums[1] += 2 * len(people) ** 2 * events / total
    assert fairness.expected_gini(events, people) == pytest.approx(sums[0] / sums[1], rel=0.05)


@given(st.integers(1, 200), shares)
def test_chance_is_never_fairer_with_fewer_events(events: int, some: list[float]) -> None:
    assert fairness.expected_gini(events + 1, some) <= fairness.expected_gini(events, some) + 1e-9


@given(st.integers(250, 299), shares)
def test_chance_baseline_has_no_step_where_it_changes_its_formula(
    events: int, some: list[float]
) -> None:
    exact = fairness.expected_gini(events, some)
    normal = fairness.expected_gini(301, some) * (301 / events) ** 0.5
    assert exact == pytest.approx(normal, rel=0.02)


def test_chance_of_nothing_is_nothing() -> None:
    assert fairness.expected_gini(0, [1, 1]) == 0
    assert fairness.expected_gini(5, [1]) == 0
    assert fairness.expected_gini(1, [1, 1]) == pytest.approx(0.5)
