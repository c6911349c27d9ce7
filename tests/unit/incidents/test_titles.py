"""Titles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.incidents.logic.titles import (
    TITLE_LENGTH,
    Standing,
    headline,
    incident_title,
    one_line,
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
