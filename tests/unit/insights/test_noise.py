"""Counts, and how they are said."""

from msgspec.structs import asdict

from evenfall.insights.logic.noise import FIGURES, NAMES, Counts, change_words

NONE = Counts(
    pages=0,
    acted=0,
    unanswered=0,
    only_seen=0,
    healed=0,
    again=0,
    flapping=0,
    not_actionable=0,
    night=0,
    problems=0,
    acknowledged=0,
    ack_median_s=None,
    ack_p90_s=None,
)


def test_shares_and_pages_for_a_problem() -> None:
    some = Counts(**(asdict(NONE) | {"pages": 12, "acted": 3, "healed": 6, "problems": 3}))
    assert (some.pages_a_problem, some.idle, some.percent("healed")) == (4.0, 9, 50.0)
    assert (NONE.pages_a_problem, NONE.percent("healed")) == (None, None)


def test_each_figure_is_a_count_with_a_meaning() -> None:
    assert {one.name for one in FIGURES} == NAMES <= set(asdict(NONE))
    assert all(one.meaning.endswith(".") for one in FIGURES)


def test_changes_in_words() -> None:
    assert change_words(None, 1) == change_words(1, None) == ""
    assert change_words(4, 4) == "as before"
    assert change_words(4, 1) == "3 more than 1 before"
    assert change_words(1, 4) == "3 fewer than 4 before"
