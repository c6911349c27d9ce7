"""A body as a tree in which one can point at values."""

from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from evenfall.alerting.logic.paths import at_path
from evenfall.alerting.logic.samples import MOST_NODES, flat, problems_in, tree_of, words_at

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=5), JSON, max_size=4))
def test_every_value_of_the_tree_is_found_at_its_path(event: dict[str, Any]) -> None:
    nodes, is_cut = tree_of(event, {})
    assert not is_cut
    for node in flat(nodes):
        value = at_path(event, node.path)
        assert bool(node.children) == (isinstance(value, dict | list) and bool(value))


def test_the_tree_says_what_points_at_a_value() -> None:
    event = {"a": {"b": 1, "c": "x" * 500, "d": [], "e": None, "f": True}}
    nodes, _ = tree_of(event, {"summary": "a.b", "labels.team": "a.b", "labels": "a"})
    told = {node.path: (node.shown, node.fields) for node in flat(nodes)}
    assert told["a.b"] == ("1", ("Title", "Label team"))
    assert told["a"] == ("", ("All labels",))
    assert told["a.c"][0] == f'"{"x" * 120}…"'
    assert [told[f"a.{key}"][0] for key in "def"] == ["(empty)", "null", "true"]


def test_a_large_body_is_cut_and_said_so() -> None:
    nodes, is_cut = tree_of({str(n): n for n in range(MOST_NODES + 5)}, {})
    assert (len(nodes), is_cut) == (MOST_NODES, True)
    deep: dict[str, Any] = {}
    for _ in range(30):
        deep = {"a": deep}
    assert tree_of(deep, {})[1]


def test_what_a_mapping_does_not_find_is_told() -> None:
    event = {"a": 1, "b": ""}
    mapping = {"summary": "a", "url": "b", "labels.team": "c"}
    assert problems_in(event, mapping) == ["Link: nothing is at b", "Label team: nothing is at c"]


def test_words_are_told_once() -> None:
    events: list[Mapping[str, Any]] = [
        {"a": " P0 "},
        {"a": "P0"},
        {"a": 3},
        {"a": []},
        {"a": "x" * 100},
        {},
    ]
    assert words_at(events, "a") == ["P0", "3"]
