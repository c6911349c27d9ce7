"""When an alert ends by policy, and when it never does."""

from datetime import timedelta

import pytest
from tests.factories.alerting import NIGHT

from evenfall.alerting.logic import ending
from evenfall.alerting.logic.ending import End, EndPolicy, Standing, Why

HOUR = timedelta(hours=1)
QUIET = EndPolicy(quiet=4 * HOUR)
AGE = EndPolicy(age=24 * HOUR)


def standing(**said: object) -> Standing:
    first = {
        "opened_at": NIGHT,
        "last_seen_at": NIGHT,
        "is_repeated": False,
        "pages": False,
        "is_acknowledged": False,
    }
    return Standing(**{**first, **said})  # type: ignore[arg-type] # what the test varies


@pytest.mark.parametrize(
    ("alert", "policy", "end"),
    [
        (standing(), QUIET, End(NIGHT + 4 * HOUR, Why.QUIET)),
        (standing(last_seen_at=NIGHT + HOUR), QUIET, End(NIGHT + 5 * HOUR, Why.QUIET)),
        (standing(), AGE, End(NIGHT + 24 * HOUR, Why.AGE)),
        (standing(last_seen_at=NIGHT + 30 * HOUR), AGE, End(NIGHT + 31 * HOUR, Why.AGE)),
        (standing(), EndPolicy(quiet=4 * HOUR, age=HOUR), End(NIGHT + HOUR, Why.AGE)),
        (standing(is_repeated=True), QUIET, None),
        (standing(pages=True), QUIET, None),
        (standing(pages=True, is_acknowledged=True), QUIET, End(NIGHT + 4 * HOUR, Why.QUIET)),
        (
            standing(pages=True),
            EndPolicy(quiet=4 * HOUR, also_paging=True),
            End(NIGHT + 4 * HOUR, Why.QUIET),
        ),
        (standing(), EndPolicy(), None),
    ],
)
def test_when_it_ends(alert: Standing, policy: EndPolicy, end: End | None) -> None:
    assert ending.end_of(alert, policy) == end


def test_the_warning_comes_an_hour_before_or_halfway() -> None:
    assert QUIET.warning == HOUR
    assert EndPolicy(age=HOUR).warning == HOUR / 2


@pytest.mark.parametrize(
    ("why", "policy", "words"),
    [
        (Why.QUIET, QUIET, "Nothing was heard of it for 4 hours, as set for Checkout."),
        (Why.QUIET, EndPolicy(quiet=HOUR), "Nothing was heard of it for 1 hour, as set for"),
        (Why.AGE, AGE, "It was open for 1 day, the longest set for Checkout."),
        (Why.AGE, EndPolicy(age=45 * HOUR / 60), "It was open for 45 minutes"),
    ],
)
def test_the_reason_says_by_which_rule(why: Why, policy: EndPolicy, words: str) -> None:
    assert ending.words_of(why, policy, scope="Checkout").startswith(words)
