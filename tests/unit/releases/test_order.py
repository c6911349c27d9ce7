"""Which version is later, and what goes before what."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.releases.logic.needing import below, circle, ordered
from evenfall.releases.logic.rules import Expected, Group, Item, Rules, flaws, rules_of, stored
from evenfall.releases.logic.versions import compare
from evenfall.releases.logic.words import Kind


@pytest.mark.parametrize(
    ("one", "other", "order"),
    [
        ("1.10.0", "1.9.9", 1),
        ("v1.2", "1.2.0", 0),
        ("1.2.0-rc1", "1.2.0", -1),
        ("1.2.0", "1.2.0-rc1", 1),
        ("1.2.0-rc10", "1.2.0-rc2", 1),
        ("1.2.0-beta", "1.2.0-alpha.5", 1),
        ("1.0.0+5", "1.0.0+6", 0),
        ("2026.11.3", "2026.2.9", 1),
        ("nightly", "nightly", 0),
        ("nightly", "1.0", None),
        ("1.0", "abc1234", None),
        ("9" * 300, "1", None),
    ],
)
def test_versions_are_compared_as_people_mean_them(one: str, other: str, order: int | None) -> None:
    assert compare(one, other) == order


_VERSION = st.from_regex(r"v?[0-9]{1,3}(\.[0-9]{1,3}){0,3}(-(rc|beta)[0-9]{0,2})?", fullmatch=True)


@given(_VERSION, _VERSION)
def test_the_order_of_versions_is_the_same_from_both_sides(one: str, other: str) -> None:
    there, back = compare(one, other), compare(other, one)
    assert there is not None
    assert back is not None
    assert there == -back


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_may_be_a_version(one: str, other: str) -> None:
    assert compare(one, other) in {-1, 0, 1, None}


def test_what_is_needed_goes_first_also_through_others() -> None:
    edges = [(1, 2), (2, 3), (4, 3)]
    assert below(1, edges) == {2, 3}
    assert ordered([1, 3, 4], edges) == [[3], [1, 4]]


@pytest.mark.parametrize(
    ("edges", "path"),
    [
        ([(1, 2), (2, 1)], [1, 2, 1]),
        ([(1, 2), (2, 3), (3, 1)], [1, 2, 3, 1]),
        ([(1, 1)], [1, 1]),
        ([(1, 2)], []),
    ],
)
def test_a_circle_is_shown_as_a_way_from_one_back_to_itself(
    edges: list[tuple[int, int]], path: list[int]
) -> None:
    assert list(circle([1, 2, 3], edges)) == path


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6)), max_size=12))
def test_a_train_is_whole_or_has_a_circle(edges: list[tuple[int, int]]) -> None:
    edges = [(one, other) for one, other in edges if one != other]
    members = {1, 2, 3, 4, 5, 6}
    waves = ordered(members, edges)
    path = circle(members, edges)
    if path:
        assert path[0] == path[-1]
        assert all(pair in edges for pair in pairwise(path))
    else:
        place = {one: n for n, wave in enumerate(waves) for one in wave}
        assert place.keys() == members
        assert all(place[other] < place[one] for one, other in edges)


def test_rules_are_kept_whole() -> None:
    rules = Rules(
        groups=(Group(team_id=3, need=2),),
        at_least=1,
        checklist=(Item(key="a", text="A", check="c"),),
        quality=(Expected(name="unit", fresh_hours=2),),
        awake=(480, 1200),
        no_sign_off_for=frozenset({Kind.P0}),
    )
    assert rules_of(stored(rules)) == rules
    assert rules_of({}) == Rules()
    assert not flaws(rules)


@pytest.mark.parametrize(
    "rules",
    [
        Rules(need=-1),
        Rules(groups=(Group(team_id=1, need=0),)),
        Rules(at_least=1),
        Rules(checklist=(Item(key="a", text="A"),) * 2),
        Rules(checklist=(Item(key="", text="A"),)),
        Rules(quality=(Expected(name="u"),) * 2),
        Rules(groups=(Group(team_id=1),) * 2),
        Rules(awake=(900, 800)),
        Rules(watch_minutes=-1),
        Rules(worst_severity=6),
        Rules(quality=tuple(Expected(name=f"u{n}") for n in range(51))),
    ],
)
def test_rules_that_make_no_sense_are_refused(rules: Rules) -> None:
    assert flaws(rules)
