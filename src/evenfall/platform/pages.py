"""Keyset pages: page 1,000 costs what page 1 costs. OFFSET is never used."""

import base64
import binascii
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from msgspec import Struct

from evenfall.platform.errors import Invalid

MOST = 500
_BEYOND = 2**63
_LONGEST_PLACE = 10


class BadCursor(Invalid):
    """The cursor is not one of ours. Start again from the first page."""

    code = "platform.bad_cursor"


class Page[T](Struct, frozen=True, kw_only=True):
    """A slice of a list; ``next_cursor`` is None at its end."""

    items: list[T]
    next_cursor: str | None
    previous_cursor: str | None

    def holding[V](self, items: Sequence[V]) -> "Page[V]":
        """The same slice with these in place of its rows: their views, in the same order."""
        return Page(
            items=list(items), next_cursor=self.next_cursor, previous_cursor=self.previous_cursor
        )


def keyset[M: Model](
    queryset: QuerySet[M], *, order: Sequence[str], cursor: str | None, size: int = 50
) -> Page[M]:
    """Return one page in the given order (field names, ``-`` for descending, the last one unique).

    The fields must not be null. A cursor is opaque; a foreign one raises BadCursor.
    """
    size = max(1, min(size, MOST))
    backwards, values = _decode(cursor, len(order)) if cursor else (False, None)
    shown = tuple(_flip(name) for name in order) if backwards else tuple(order)
    if values is not None:
        queryset = _filtered(queryset, _after(shown, values))
    rows = list(queryset.order_by(*shown)[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    if backwards:
        rows.reverse()
    has_next, has_previous = (True, more) if backwards else (more, values is not None)
    return Page(
        items=rows,
        next_cursor=_encode(rows[-1], order, "n") if rows and has_next else None,
        previous_cursor=_encode(rows[0], order, "p") if rows and has_previous else None,
    )


def part[T](items: Sequence[T], *, cursor: str | None, size: int = 50) -> Page[T]:
    """Return one page of a list that is here as a whole, since computing put it in order.

    A cursor is the place of the first item; one that is no number raises BadCursor.
    """
    if cursor and not (cursor.isascii() and cursor.isdecimal() and len(cursor) < _LONGEST_PLACE):
        raise BadCursor
    first = int(cursor or 0)
    following, previous = first + size, max(first - size, 0)
    return Page(
        items=list(items[first:following]),
        next_cursor=str(following) if following < len(items) else None,
        previous_cursor=str(previous) if first else None,
    )


def _filtered[M: Model](queryset: QuerySet[M], condition: Q) -> QuerySet[M]:
    """Filter; values that do not fit the fields come from a cursor that somebody made up."""
    try:
        return queryset.filter(condition)
    except (TypeError, ValueError, ValidationError) as error:
        raise BadCursor from error


def _after(order: Sequence[str], values: Sequence[Any]) -> Q:
    """Return the rows strictly behind ``values``: (a > x) or (a = x and b > y) or …"""
    condition = Q()
    equal = Q()
    for name, value in zip(order, values, strict=True):
        field, comparison = name.removeprefix("-"), "lt" if name.startswith("-") else "gt"
        condition |= equal & Q(**{f"{field}__{comparison}": value})
        equal &= Q(**{field: value})
    # redundant for the result, but it lets PostgreSQL start in the middle of the index
    first, comparison = order[0].removeprefix("-"), "lte" if order[0].startswith("-") else "gte"
    return Q(**{f"{first}__{comparison}": values[0]}) & condition


def _flip(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _encode(row: Model, order: Sequence[str], direction: str) -> str:
    values = [_plain(getattr(row, name.removeprefix("-").replace("__", "."))) for name in order]
    return base64.urlsafe_b64encode(msgspec.json.encode([direction, *values])).decode().rstrip("=")


def _plain(value: Any) -> Any:  # noqa: ANN401 - a column's value
    return {"t": value.isoformat()} if isinstance(value, datetime) else value


def _decode(cursor: str, length: int) -> tuple[bool, list[Any]]:
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        direction, *values = msgspec.json.decode(raw)
        parsed = [_parsed(value) for value in values]
    except (
        ValueError,
        binascii.Error,
        msgspec.DecodeError,
        TypeError,
        KeyError,
        OverflowError,
    ) as error:
        raise BadCursor from error
    if len(parsed) != length or direction not in ("n", "p"):
        raise BadCursor
    return direction == "p", parsed


def _parsed(value: Any) -> Any:  # noqa: ANN401 - a column's value
    """Return a value that the database can compare with; raises ValueError and the like."""
    if isinstance(value, dict):
        at = datetime.fromisoformat(value["t"])
        if at.tzinfo is None:
            raise BadCursor
        return at.astimezone(UTC)
    is_storable = "\0" not in value if isinstance(value, str) else abs(value) < _BEYOND
    if not is_storable:
        raise BadCursor
    return value
