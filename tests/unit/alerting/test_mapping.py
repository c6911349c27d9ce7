"""Paths into somebody's JSON, and mappings as they are kept."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.alerting.logic.mapping import MOST, problems_of, read_mapping
from evenfall.alerting.logic.paths import PathError, at_path, parse_path, write_path
from evenfall.alerting.logic.updates import Severity, UpdateAction

BODY: dict[str, Any] = {"a": {"b.c": [{"d": 1}], "e f": "x", "": 2}, "0": "zero", "list": [[5]]}


@pytest.mark.parametrize(
    ("path", "steps", "value"),
    [
        ("0", ("0",), "zero"),
        ('a["b.c"][0].d', ("a", "b.c", "0", "d"), 1),
        ('a["b.c"].0.d', ("a", "b.c", "0", "d"), 1),
        ("a.e f", ("a", "e f"), "x"),
        ('["a"][""]', ("a", ""), 2),
        ("list[0][0]", ("list", "0", "0"), 5),
        ("list[0][1]", ("list", "0", "1"), None),
        ("list.²", ("list", "²"), None),
        ("a.e f.x", ("a", "e f", "x"), None),
    ],
)
def test_paths_find_what_they_name(path: str, steps: tuple[str, ...], value: object) -> None:
    assert parse_path(path) == steps
    assert at_path(BODY, path) == value


@pytest.mark.parametrize(
    ("path", "column", "reason"),
    [
        ("", 1, "a name is missing"),
        ("a..b", 3, "a name is missing"),
        ("a.", 3, "a name is missing"),
        ("a[b]", 2, "in brackets"),
        ('a["b"', 2, "in brackets"),
        ("a[0]b", 5, "a dot or a bracket"),
        ("a[1", 2, "in brackets"),
        ("x" * 501, 500, "500 characters"),
        (".".join("x" * 40), 65, "32 steps"),
    ],
)
def test_a_path_that_is_wrong_is_explained_and_finds_nothing(
    path: str, column: int, reason: str
) -> None:
    with pytest.raises(PathError, match=reason) as caught:
        parse_path(path)
    assert caught.value.column == column
    assert at_path(BODY, path) is None


@given(st.lists(st.text(max_size=8), min_size=1, max_size=8).map(tuple))
def test_a_path_that_was_written_is_read_back(steps: tuple[str, ...]) -> None:
    assert parse_path(write_path(steps)) == steps


@given(st.text(max_size=60))
def test_any_text_is_a_path_or_a_path_error(text: str) -> None:
    at_path(BODY, text)
    try:
        steps = parse_path(text)
    except PathError:
        return
    assert parse_path(write_path(steps)) == steps


def test_a_mapping_is_taken_apart() -> None:
    mapped = read_mapping({
        "summary": "check.output", "labels.team": "owner", "labels": "tags",
        "severity:P0": "critical", "severity:odd": "awful", "status:Firing": "trigger",
        "status:gone": "left", "url": "", "nonsense": "x",
    })  # fmt: skip
    assert mapped.paths == {"summary": "check.output", "labels": "tags"}
    assert mapped.labels == {"team": "owner"}
    assert mapped.severities == {"p0": Severity.CRITICAL}
    assert mapped.statuses == {"firing": UpdateAction.TRIGGER}
    assert not read_mapping({}).paths


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("summary", "a.b", ""),
        ("labels.team", 'owner["x y"]', ""),
        ("severity:P0", "Critical", ""),
        ("status:fired", "trigger", ""),
        ("summary", "a..b", "column 3: a name is missing"),
        ("labels.", "a", "There is no field labels."),
        ("titel", "a", "There is no field titel. Fields are summary"),
        ("severity:P0", "awful", "it can mean critical, error, warning, info"),
        ("status:", "resolve", "write a word behind status:"),
        ("labels." + "x" * 200, "a", "is too long"),
    ],
)
def test_what_cannot_be_used_is_told(name: str, value: str, words: str) -> None:
    found = problems_of({name: value})
    assert [words in one.reason for one in found] == ([True] if words else [])


def test_a_mapping_has_an_end() -> None:
    (found,) = problems_of({f"labels.l{number}": "a" for number in range(MOST + 1)})
    assert "100 lines at most" in found.reason
