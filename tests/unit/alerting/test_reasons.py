"""Why a condition holds, told by the values of one alert."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.alerting import candidate

from evenfall.alerting.logic.expressions import ExpressionError, compile_condition
from evenfall.alerting.logic.reasons import compile_reasons, names_in

ALERT = candidate(labels={"team": "web", "app.kubernetes.io/name": "shop"})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("true", {}),
        ('labels.team == "web"', {"labels.team": "web"}),
        ('labels["app.kubernetes.io/name"] == "shop"',
         {'labels["app.kubernetes.io/name"]': "shop"}),
        ('labels.team == "web" and severity in ("error",)',
         {"labels.team": "web", "severity": "error"}),
        ('labels.team == "api" or startswith(summary, "Disk")', {"summary": "Disk is full"}),
        ('labels.team == "web" or startswith(summary, "Disk")',
         {"labels.team": "web", "summary": "Disk is full"}),
        ('not (labels.team == "api")', {"labels.team": "web"}),
        ('hour("UTC") < 6', {'hour("UTC")': 1}),
        ('lower(summary) == "disk is full"', {"summary": "Disk is full"}),
        ('"team" in labels', {}),
        ("details.disks[0].free == none", {"details.disks[0].free": None}),
    ],
)  # fmt: skip
def test_the_values_that_decided_are_told(text: str, told: dict[str, object]) -> None:
    assert compile_condition(text).holds(ALERT)
    assert compile_reasons(text)(ALERT) == told


def test_names_are_told_once() -> None:
    text = 'labels.team == "a" or labels.team == "b" and source != ""'
    assert names_in(text) == ("labels.team", "source")


def test_what_cannot_be_read_is_refused() -> None:
    with pytest.raises(ExpressionError):
        compile_reasons("1 +")


ATOMS = ['labels.team == "web"', 'labels.team == "api"', 'source == ""', 'severity == "info"']


@given(st.recursive(st.sampled_from(ATOMS), lambda inner: st.builds(
    "({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner), max_leaves=6))  # fmt: skip
def test_only_names_of_the_condition_are_told(text: str) -> None:
    assert set(compile_reasons(text)(ALERT)) <= set(names_in(text))


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ('summary == "Käse" and sevrity == "x"', 23),
        ('summary == "ä" and source = "x"', 27),
    ],
)
def test_columns_count_letters_not_bytes(text: str, column: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_condition(text)
    assert caught.value.column == column


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('source == "x', "close it with a quotation mark"),
        ("source ==", "does not fit here"),
        ('source "x"', "does not fit here"),
        ('sevrity == "critical"', "perhaps you mean severity"),
        ('startwith(source, "x")', "perhaps you mean startswith"),
        ("source == 5disks", "needs quotation marks"),
    ],
)
def test_a_mistake_is_told_with_what_helps(text: str, words: str) -> None:
    with pytest.raises(ExpressionError, match=words):
        compile_condition(text)
