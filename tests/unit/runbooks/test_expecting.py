"""The success test over HTTP."""

import pytest

from evenfall.runbooks.logic.expecting import (
    Compare,
    Expected,
    is_status,
    judge,
    pieces,
    status_fits,
    value_at,
)

BODY = b'{"data": {"replicas": [{"ready": 3}], "state": "up", "on": true, "all": ["a", "b"]}}'


@pytest.mark.parametrize(
    ("wanted", "status", "fits"),
    [
        ("200", 200, True),
        ("200", 201, False),
        ("200-299", 204, True),
        ("404, 410", 410, True),
        ("404, 410", 409, False),
        ("nonsense", 200, False),
    ],
)
def test_statuses(wanted: str, status: int, *, fits: bool) -> None:
    assert status_fits(wanted, status) is fits


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("200", True), ("200-299, 404", True), ("", False), ("2xx", False), ("200, x", False)],
)
def test_what_can_be_read_as_statuses(text: str, *, is_one: bool) -> None:
    assert is_status(text) is is_one


@pytest.mark.parametrize(
    ("path", "compare", "value", "holds"),
    [
        ("data.state", Compare.IS, "up", True),
        ("data.state", Compare.IS, "down", False),
        ("data.state", Compare.IS_NOT, "down", True),
        ("data.state", Compare.CONTAINS, "u", True),
        ("data.all", Compare.CONTAINS, "b", True),
        ("data.all", Compare.CONTAINS, "c", False),
        ("data.on", Compare.IS, "true", True),
        ("data.on", Compare.AT_LEAST, "1", False),
        ("data.replicas[0].ready", Compare.AT_LEAST, "3", True),
        ("data.replicas[0].ready", Compare.AT_LEAST, "3.5", False),
        ("data.replicas[0].ready", Compare.AT_MOST, "3", True),
        ("data.replicas[0].ready", Compare.AT_MOST, "many", False),
        ("data.replicas[1].ready", Compare.IS, "3", False),
        ("data.state.more", Compare.IS, "3", False),
        ("nothing", Compare.IS, "3", False),
    ],
)
def test_values_in_json_are_compared(
    path: str, compare: Compare, value: str, *, holds: bool
) -> None:
    verdict = judge(Expected(path=path, compare=compare, value=value), 200, BODY)
    assert verdict.holds is holds
    assert verdict.reason.endswith(".")


def test_status_and_text_come_first() -> None:
    assert not judge(Expected(), 500, BODY).holds
    assert judge(Expected(text="replicas"), 200, BODY).holds
    assert not judge(Expected(text="healthy"), 200, BODY).holds
    assert judge(Expected(), 200, b"").reason == "It answered 200, as expected."
    assert not judge(Expected(path="a"), 200, b"<html>").holds
    assert not judge(Expected(path="a"), 200, b"[" * 100_000).holds


def test_a_path_is_read_in_pieces() -> None:
    assert pieces("a.b[2].c") == ["a", "b", 2, "c"]
    assert value_at({"a": [1, {"b": 2}]}, "a[1].b") == 2
