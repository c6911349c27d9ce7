"""Titles and their likeness."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.incidents.logic.titles import (
    TITLE_LENGTH,
    Candidate,
    Standing,
    headline,
    incident_title,
    likeness,
    one_line,
    similar,
)


@given(st.text(max_size=400), st.text(max_size=60))
def test_incident_title_is_one_line_of_bounded_length(title: str, service: str) -> None:
    found = incident_title(title, service=service)
    assert found
    assert len(found) <= TITLE_LENGTH
    assert len(found.splitlines()) == 1


@pytest.mark.parametrize(
    ("title", "service", "expected"),
    [
        ("  Disk\n full ", "db", "Disk full"),
        ("", "db", "Alert on db"),
        (" ", "", "Alert without a title"),
    ],
)
def test_incident_title_takes_the_alerts_words(title: str, service: str, expected: str) -> None:
    assert incident_title(title, service=service) == expected


def test_one_line_marks_what_it_cut() -> None:
    assert one_line("abcdef", length=4) == "abc…"
    assert one_line("abcd", length=4) == "abcd"


@pytest.mark.parametrize(
    ("lead", "alert_count", "open_count", "expected"),
    [
        ("", 1, 1, "zero"),
        ("", 4, 4, "zero and 3 more"),
        ("", 4, 2, "zero and 1 more"),
        ("", 4, 0, "zero and 3 more"),
        ("", 0, 0, "zero"),
        ("one", 2, 1, "one"),
        ("one", 9, 3, "one and 2 more"),
    ],
)
def test_headline_counts_what_is_open(
    lead: str, alert_count: int, open_count: int, expected: str
) -> None:
    found = headline("zero", lead=lead, alert_count=alert_count, open_count=open_count)
    assert found == expected


@pytest.mark.parametrize(
    ("first", "first_open", "named_by_person", "expected"),
    [
        (1, 1, False, None),
        (1, 2, False, 2),
        (1, 2, True, None),
        (1, None, False, None),
        (None, None, False, None),
    ],
)
def test_an_open_alert_leads_while_the_first_is_over(
    first: int | None, first_open: int | None, named_by_person: bool, expected: int | None
) -> None:
    assert Standing(first, first_open).leader(named_by_person=named_by_person) == expected


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_is_symmetric_and_bounded(one: str, other: str) -> None:
    assert likeness(one, other) == likeness(other, one)
    assert 0.0 <= likeness(one, other) <= 1.0


def test_likeness_of_wordless_titles_is_none() -> None:
    assert likeness("!", "?") == 0.0


def test_similar_lists_the_most_alike_first() -> None:
    among = [
        Candidate(1, "Mail queue grows", None),
        Candidate(2, "Checkout API is down", None),
        Candidate(3, "Checkout is slow", None),
        Candidate(4, "Something else entirely", 7),
    ]
    found = similar("checkout api down", service_id=7, among=among)
    assert [candidate.incident_id for candidate in found] == [2, 4]


def test_similar_is_limited_and_newest_first_among_equals() -> None:
    among = [Candidate(number, "Disk full", None) for number in range(1, 9)]
    found = similar("disk full", service_id=None, among=among, limit=2)
    assert [candidate.incident_id for candidate in found] == [8, 7]
