"""Tables and times for a terminal."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.cli.client.tables import ago, local, table

NOW = datetime(2027, 1, 13, 14, 0, tzinfo=UTC)


def test_table_aligns_columns() -> None:
    assert table(["ID", "TITLE"], [["#1", "Disk"], ["#100", "Mail"]]) == (
        "ID    TITLE\n#1    Disk\n#100  Mail"
    )


def test_table_counts_wide_signs_as_two_columns() -> None:
    assert table(["A", "B"], [["障害", "x"], ["e\u0301", "y"]]) == "A     B\n障害  x\ne\u0301     y"


@given(st.lists(st.tuples(st.text(), st.text()), max_size=5))
def test_table_lets_nothing_steer_the_terminal(rows: list[tuple[str, str]]) -> None:
    shown = table(["A", "B"], rows)
    assert shown.count("\n") == len(rows)
    assert len(shown.rstrip("\n").splitlines()) <= len(rows) + 1
    assert "\x1b" not in shown


@pytest.mark.parametrize(
    ("past", "text"),
    [
        (timedelta(seconds=-5), "now"),
        (timedelta(seconds=59), "now"),
        (timedelta(minutes=4, seconds=30), "4 min"),
        (timedelta(hours=3), "3 h"),
        (timedelta(days=2, hours=5), "2 d"),
    ],
)
def test_ago_is_in_the_largest_unit(past: timedelta, text: str) -> None:
    assert ago(NOW - past, now=NOW) == text


def test_local_names_day_and_time() -> None:
    assert local(NOW) == f"{NOW.astimezone():%a %d %b %H:%M}"
