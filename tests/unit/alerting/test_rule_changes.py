"""The difference between two versions of the rules is right and as short as can be."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from evenfall.alerting.logic.rule_changes import FieldChange, What, changes, said

REST: dict[str, Any] = {"id": 99, "name": "Everything else", "is_catch_all": True}


def rule(number: int, condition: str = "true", name: str = "") -> dict[str, Any]:
    return {"id": number, "name": name or f"rule {number}", "condition": condition}


def test_nothing_differs() -> None:
    assert changes([rule(1), REST], [rule(1), REST]) == []
    assert said([]) == ""


def test_each_kind_of_change_is_told() -> None:
    before = [rule(1), rule(2), rule(3), rule(4), REST]
    after = [rule(4, "false"), rule(1), rule(3), rule(5), REST | {"outcome": "page"}]
    told = {one.rule_id: one for one in changes(before, after)}
    assert told.keys() == {0, 2, 4, 5}
    assert (told[2].what, told[2].position) == (What.REMOVED, 2)
    assert (told[5].what, told[5].position) == (What.ADDED, 4)
    assert (told[4].what, told[4].moved_from, told[4].position) == (What.CHANGED, 4, 1)
    assert told[4].fields == (FieldChange("condition", "true", "false"),)
    assert told[0].fields == (FieldChange("outcome", None, "page"),)


def test_one_rule_that_moves_is_one_change() -> None:
    (told,) = changes([rule(n) for n in (1, 2, 3, 4)], [rule(n) for n in (4, 1, 2, 3)])
    assert (told.what, told.rule_id, told.moved_from, told.position) == (What.MOVED, 4, 4, 1)


def test_the_catch_all_is_the_same_before_and_after_it_has_a_row() -> None:
    assert changes([{"id": None, "name": "Everything else", "is_catch_all": True}], [REST]) == []


def test_many_changes_are_said_in_one_line() -> None:
    found = changes([], [rule(n, name="n" * 100) for n in range(1, 6)])
    assert said(found[:1]) == f'Added "{"n" * 100}"'
    assert len(said(found)) == 200
    short = changes([rule(1)], [rule(n) for n in range(2, 6)])
    assert said(short) == 'Added "rule 2", added "rule 3", added "rule 4", and 2 more'


@given(st.lists(st.integers(1, 8), unique=True), st.lists(st.integers(1, 8), unique=True))
def test_the_changes_lead_from_one_to_the_other(one: list[int], other: list[int]) -> None:
    found = changes([rule(n) for n in one], [rule(n) for n in other])
    touched = {change.rule_id for change in found}
    staying = [n for n in one if n not in touched]
    assert staying == [n for n in other if n not in touched]
    placed = {c.position: c.rule_id for c in found if c.what is not What.REMOVED}
    rest = iter(staying)
    assert [placed.get(at) or next(rest) for at in range(1, len(other) + 1)] == other
