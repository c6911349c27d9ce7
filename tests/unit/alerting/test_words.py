"""Names and values are written so that a condition reads them back."""

from hypothesis import given
from hypothesis import strategies as st
from tests.factories.alerting import candidate

from evenfall.alerting.logic.expressions import compile_condition
from evenfall.alerting.logic.words import lookup_of, text_of


def test_plain_names_stay_plain() -> None:
    assert lookup_of("severity", "") == "severity"
    assert lookup_of("labels", "team") == "labels.team"
    assert lookup_of("labels", "class") == 'labels["class"]'
    assert lookup_of("labels", "a/b") == 'labels["a/b"]'


# half of a surrogate pair never gets as far as a label
WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)


@given(WORDS, WORDS)
def test_any_label_can_be_asked_for(key: str, value: str) -> None:
    text = f"{lookup_of('labels', key)} == {text_of(value)}"
    assert compile_condition(text).holds(candidate(labels={key: value}))
