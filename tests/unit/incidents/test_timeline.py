"""The words of a timeline: kinds, names of entries, where a page ends."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.incidents.logic.sentences import SENTENCES
from evenfall.incidents.logic.timeline import (
    Key,
    Kind,
    Shown,
    Source,
    cursor,
    key_of,
    kind_of,
    place,
    shown_of,
)

MOMENTS = st.datetimes(
    min_value=datetime(1970, 1, 1),  # noqa: DTZ001 - hypothesis wants it so
    max_value=datetime(2200, 1, 1),  # noqa: DTZ001 - hypothesis wants it so
    timezones=st.just(UTC),
)


@pytest.mark.parametrize(
    ("fact", "kind"),
    [
        ("alerting.alert_opened", Kind.ALERTS),
        ("incidents.alerts_joined", Kind.ALERTS),
        ("paging.page_started", Kind.PAGES),
        ("notifications.notice_failed", Kind.PAGES),
        ("incidents.more_paged", Kind.PEOPLE),
        ("incidents.role_given", Kind.PEOPLE),
        ("incidents.severity_changed", Kind.STATE),
        ("incidents.incident_resolved", Kind.STATE),
        ("changes.change_recorded", Kind.CHANGES),
        ("incidents.note_added", Kind.NOTES),
        ("something.new", Kind.STATE),
    ],
)
def test_each_fact_has_a_kind(fact: str, kind: Kind) -> None:
    assert kind_of(fact) is kind


def test_every_fact_with_a_sentence_has_a_kind() -> None:
    assert {kind_of(fact) for fact in SENTENCES} <= set(Kind)


@given(st.sampled_from(Source), st.integers(1, 10**18 - 1))
def test_a_name_is_read_as_it_was_written(source: Source, number: int) -> None:
    assert key_of(str(Key(source, number))) == Key(source, number)


@given(st.text(max_size=40))
def test_any_other_name_is_none(text: str) -> None:
    found = key_of(text)
    assert found is None or str(found) == text


@given(MOMENTS, st.integers(0, 10**18 - 1))
def test_a_cursor_is_read_as_it_was_written(at: datetime, number: int) -> None:
    assert place(cursor((at, number))) == (at, number)


@pytest.mark.parametrize("text", ["", "1", "-", "1-", "x-1", "1" * 18 + "-1", "1-1-1"])
def test_what_is_no_cursor_is_none(text: str) -> None:
    assert place(text) is None


@pytest.mark.parametrize("word", ["all", "pinned", *Kind])
def test_a_filter_is_read_as_the_address_says_it(word: str) -> None:
    assert shown_of(word).word == word


@pytest.mark.parametrize("word", [None, "", "nonsense"])
def test_a_filter_without_sense_filters_nothing(word: str | None) -> None:
    assert shown_of(word) == Shown()
