"""Keyset pages visit every row once, in order, both ways."""

import base64
import json
from datetime import datetime, timedelta

import pytest

from evenfall.platform.models import Beat
from evenfall.platform.pages import BadCursor, keyset

pytestmark = pytest.mark.django_db

ORDER = ("-at", "name")


@pytest.fixture
def names(now: datetime) -> list[str]:
    """Ten rows, in pairs of the same time; returned in the order of the pages."""
    Beat.objects.bulk_create(
        Beat(name=f"n{i}", at=now - timedelta(minutes=i // 2)) for i in range(10)
    )
    return [f"n{i}" for i in range(10)]


def test_pages_forwards_visit_each_row_once(names: list[str]) -> None:
    seen, cursor, pages = [], None, 0
    while True:
        page = keyset(Beat.objects.all(), order=ORDER, cursor=cursor, size=3)
        seen += [row.name for row in page.items]
        pages, cursor = pages + 1, page.next_cursor
        if cursor is None:
            break
    assert seen == names
    assert pages == 4


def test_pages_backwards_return_the_way_they_came(names: list[str]) -> None:
    first = keyset(Beat.objects.all(), order=ORDER, cursor=None, size=3)
    second = keyset(Beat.objects.all(), order=ORDER, cursor=first.next_cursor, size=3)
    back = keyset(Beat.objects.all(), order=ORDER, cursor=second.previous_cursor, size=3)
    assert [row.name for row in back.items] == names[:3]
    assert first.previous_cursor is None
    assert back.previous_cursor is None
    assert back.next_cursor is not None


def test_a_page_that_holds_views_leads_on_as_its_rows_do(names: list[str]) -> None:
    first = keyset(Beat.objects.all(), order=ORDER, cursor=None, size=3)
    rows = keyset(Beat.objects.all(), order=ORDER, cursor=first.next_cursor, size=3)
    views = rows.holding([row.name for row in rows.items])
    assert views.items == names[3:6]
    assert (views.next_cursor, views.previous_cursor) == (rows.next_cursor, rows.previous_cursor)


def test_an_empty_list_has_no_cursors() -> None:
    page = keyset(Beat.objects.all(), order=ORDER, cursor=None)
    assert (page.items, page.next_cursor, page.previous_cursor) == ([], None, None)


@pytest.mark.parametrize("cursor", ["x", "!!!", "WyJuIiwxXQ", "e30", "W10", "ImEi"])
def test_a_foreign_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor):
        keyset(Beat.objects.all(), order=ORDER, cursor=cursor)


@pytest.mark.parametrize(
    "values",
    [
        ["x", "y"],
        [None, None],
        [{"t": "2026-03-02T12:00:00"}, "n"],
        [{"t": "0001-01-01T00:00:00+14:00"}, "n"],
        [{"t": "2026-03-02T12:00:00Z"}, "\0"],
        [{"t": 5}, "n"],
        [2**70, 1],
        [[], {}],
    ],
)
def test_cursor_whose_values_fit_no_row_is_refused(values: list[object]) -> None:
    raw = json.dumps(["n", *values]).encode()
    cursor = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    with pytest.raises(BadCursor):
        keyset(Beat.objects.all(), order=ORDER, cursor=cursor)
