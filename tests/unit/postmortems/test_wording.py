"""Private help with words: each rule finds its words, explains, and can be muted."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.postmortems.logic.wording import Rule, gaps, hints, one_factor

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "rule", "found"),
    [
        ("Ana accidentally deleted the table", Rule.PERSON, "Ana accidentally deleted"),
        ("@ana.b missed the alert", Rule.PERSON, "@ana.b missed"),
        ("They were Careless here", Rule.JUDGEMENT, "Careless"),
        ("The script failed  to stop", Rule.JUDGEMENT, "failed to"),
        ("It was their fault", Rule.JUDGEMENT, "their fault"),
        ("It was human error.", Rule.HUMAN_ERROR, "human error"),
        ("We should have seen it", Rule.COUNTERFACTUAL, "should have"),
        ("The root cause is DNS", Rule.ONE_CAUSE, "root cause"),
    ],
)
def test_words_that_sound_like_blame(text: str, rule: Rule, found: str) -> None:
    hint = next(one for one in hints(text, names=["Ana"]) if one.rule is rule)
    assert hint.found == found
    assert hint.why
    assert hint.suggestion


@pytest.mark.parametrize(
    "text",
    [
        "The on-call engineer saw that the table was gone.",
        "Anatomy of a failure: the disk failed.",
        "An adjustment of the limits helped.",
        "The outage of the provider. We improve nothing here.",
    ],
)
def test_plain_words_pass(text: str) -> None:
    assert hints(text, names=["Ana"]) == []


def test_an_outage_is_doubted_only_where_a_part_was_hit() -> None:
    assert [one.rule for one in hints("The outage began", is_partial=True)] == [Rule.OUTAGE]


def test_vague_verbs_are_doubted_in_actions_only() -> None:
    found = hints("Improve monitoring and be careful", about_actions=True)
    assert [one.word for one in found] == ["improve", "be careful"]


def test_a_muted_word_is_silent_for_good() -> None:
    assert hints("It simply just broke", muted=["Simply", "just"]) == []


def test_a_hint_says_where() -> None:
    (hint,) = hints("Fine\nfine, obviously")
    assert (hint.line, hint.start, hint.end) == (2, 11, 20)


def test_holes_of_more_than_a_quarter_of_an_hour() -> None:
    moments = [NOON + timedelta(minutes=m) for m in (0, 15, 31, 90)]
    (hint,) = gaps(moments, until=NOON + timedelta(minutes=40))
    assert (hint.rule, hint.line, hint.found) == (Rule.GAP, 2, "12:15 to 12:31 UTC")
    assert len(gaps(moments)) == 2


@given(text=st.text(), names=st.lists(st.text(max_size=8), max_size=3))
def test_any_text_can_be_read_and_every_place_is_in_it(text: str, names: list[str]) -> None:
    for hint in hints(text, names=names, is_partial=True, about_actions=True):
        assert 0 <= hint.start < hint.end <= len(text)
        assert " ".join(text[hint.start : hint.end].split()) == hint.found


def test_one_factor_alone_is_asked_about() -> None:
    (hint,) = one_factor(["Slow DNS"])
    assert (hint.rule, hint.found) == (Rule.ONE_CAUSE, "Slow DNS")
    assert one_factor([]) == one_factor(["Slow DNS", "No alert"]) == []
    assert one_factor(["Slow DNS"], muted=["Only one factor"]) == []
