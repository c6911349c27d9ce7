"""Waiting before a page."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.alerting.logic.updates import Outcome
from evenfall.alerting.logic.waiting import held, span_of, span_words, waits_until

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@given(
    wait=st.none() | st.timedeltas(timedelta(0), timedelta(hours=1)),
    outcome=st.sampled_from(Outcome),
    age=st.timedeltas(timedelta(0), timedelta(hours=2)),
    called=st.booleans(),
)
def test_it_waits_only_for_a_page_nobody_was_called_for_and_never_longer_than_said(
    wait: timedelta | None, outcome: Outcome, age: timedelta, called: bool
) -> None:
    until = waits_until(wait, outcome, opened_at=AT, at=AT + age, called=called)
    if until is None:
        assert wait is None or outcome is not Outcome.PAGE or called or age >= wait
    else:
        assert (outcome, called) == (Outcome.PAGE, False)
        assert AT + age < until == AT + (wait or MINUTE)


@pytest.mark.parametrize(
    ("span", "words"),
    [(MINUTE, "1 minute"), (3 * MINUTE, "3 minutes"), (timedelta(seconds=90), "90 seconds")],
)
def test_what_holds_it_tells_how_long(span: timedelta, words: str) -> None:
    assert span_of(held(span)) == span
    assert span_words(span) == words
    assert span_of("silence:3") is None
    assert span_of("") is None
