"""Values of parameters, and where they go."""

import json
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.runbooks.logic.parameters import (
    Fill,
    Parameter,
    ParameterType,
    UnclearValue,
    checked,
    fill,
    flaw,
    names_in,
    sample,
    unclear,
    value_of,
)

texts = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1)


def parameter(**more: Any) -> Parameter:
    return Parameter(**{"name": "host", **more})


@given(texts)
def test_a_value_stays_one_piece_of_an_address(value: str) -> None:
    url = fill("https://api.example.org/hosts/{{host}}/restart?why=x", {"host": value}, Fill.URL)
    parts = urlsplit(url)
    assert parts.netloc == "api.example.org"
    assert parts.query == "why=x"
    assert [unquote(one) for one in parts.path.split("/")] == ["", "hosts", value, "restart"]


@given(texts)
def test_a_value_stays_one_text_of_a_json_body(value: str) -> None:
    body = fill('{"host": "{{host}}", "n": 1}', {"host": value}, Fill.JSON)
    assert json.loads(body) == {"host": value, "n": 1}


@given(texts)
def test_a_value_that_looks_like_a_place_is_not_filled_again(value: str) -> None:
    assert fill("{{a}}", {"a": "{{b}}", "b": value}) == "{{b}}"


def test_places_without_a_value_and_secrets_stay() -> None:
    assert fill("{{ host }} {{other}}", {"host": "web1"}) == "web1 {{other}}"
    assert fill("{{host}}", {"host": "web1"}, Fill.NEVER) == "{{host}}"
    assert names_in("{{ a }} {{b}} {c}") == {"a", "b"}


@pytest.mark.parametrize(
    ("about", "given_", "value"),
    [
        ({}, "web-1.example.org", "web-1.example.org"),
        ({"type": ParameterType.TEXT}, " a b ", "a b"),
        ({"type": ParameterType.NUMBER}, "007", "7"),
        ({"type": ParameterType.NUMBER, "lowest": -5}, "-5", "-5"),
        ({"type": ParameterType.CHOICE, "choices": ("up", "down")}, "up", "up"),
        ({"default": "web9"}, "", "web9"),
        ({"is_required": False}, "", ""),
    ],
)
def test_a_value_is_read_by_the_type(about: dict[str, Any], given_: str, value: str) -> None:
    assert value_of(parameter(**about), given_) == value


@pytest.mark.parametrize(
    ("about", "given_"),
    [
        ({}, ""),
        ({}, "../etc"),
        ({}, "-rf"),
        ({}, "a b"),
        ({"type": ParameterType.TEXT}, "a\nb"),
        ({"type": ParameterType.TEXT}, "a\0b"),
        ({"type": ParameterType.TEXT}, "x" * 501),
        ({"type": ParameterType.NUMBER}, "1e9"),
        ({"type": ParameterType.NUMBER}, "9" * 16),
        ({"type": ParameterType.NUMBER, "lowest": 1}, "0"),
        ({"type": ParameterType.NUMBER, "highest": 3}, "4"),
        ({"type": ParameterType.CHOICE, "choices": ("up",)}, "down"),
    ],
)
def test_a_wrong_value_is_refused(about: dict[str, Any], given_: str) -> None:
    with pytest.raises(UnclearValue):
        value_of(parameter(**about), given_)


def test_what_is_given_wins_over_what_is_known_and_that_over_the_default() -> None:
    one = parameter(default="c")
    assert value_of(one, "a", "b") == "a"
    assert value_of(one, "", "b") == "b"
    assert value_of(one, "", "") == "c"


@pytest.mark.parametrize(
    "about",
    [
        {"name": "Host"},
        {"name": ""},
        {"type": ParameterType.CHOICE},
        {"type": ParameterType.NUMBER, "lowest": 3, "highest": 2},
        {"default": "a b"},
        {"type": ParameterType.CHOICE, "choices": ("a", "b\nc")},
    ],
)
def test_a_parameter_that_cannot_be_is_named(about: dict[str, Any]) -> None:
    assert unclear([parameter(**about)]) is not None


@pytest.mark.parametrize(
    "about",
    [
        {},
        {"type": ParameterType.NUMBER},
        {"type": ParameterType.NUMBER, "highest": 3},
        {"type": ParameterType.NUMBER, "lowest": 7},
        {"type": ParameterType.CHOICE, "choices": ("a", "b")},
        {"default": "web9", "is_required": False},
    ],
)
def test_a_sample_is_a_value_that_would_do(about: dict[str, Any]) -> None:
    one = parameter(**about)
    assert checked(one, sample(one))
    assert unclear([one]) is None


@pytest.mark.parametrize(
    ("text", "how", "is_fine"),
    [
        ("{{host}}", Fill.PLAIN, True),
        ("{{hots}}", Fill.PLAIN, False),
        ("{{host}}", Fill.NEVER, False),
        ("plain", Fill.NEVER, True),
        ("https://a.example.org/{{host}}", Fill.URL, True),
        ("https://{{host}}.example.org/", Fill.URL, False),
        ("{{host}}", Fill.URL, False),
        ("https://[{{host}}/", Fill.URL, False),
    ],
)
def test_places_are_checked_where_they_stand(text: str, how: Fill, *, is_fine: bool) -> None:
    assert (flaw(text, ["host"], how) == "") is is_fine
