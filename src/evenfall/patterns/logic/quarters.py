"""Quarters of a year, in UTC: "2026-Q4"."""

import re
from datetime import UTC, datetime
from typing import override

from msgspec import Struct

_WORD = re.compile(r"(20\d\d)-Q([1-4])", re.ASCII)
_MONTHS = 3
_LAST = 4


class Quarter(Struct, frozen=True, order=True):
    year: int
    number: int

    @override
    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def starts_at(self) -> datetime:
        return datetime(self.year, 1 + _MONTHS * (self.number - 1), 1, tzinfo=UTC)

    @property
    def ends_at(self) -> datetime:
        """The first instant that is not in it any more."""
        return self.next.starts_at

    @property
    def next(self) -> "Quarter":
        if self.number < _LAST:
            return Quarter(self.year, self.number + 1)
        return Quarter(self.year + 1, 1)

    @property
    def previous(self) -> "Quarter":
        if self.number > 1:
            return Quarter(self.year, self.number - 1)
        return Quarter(self.year - 1, _LAST)


def quarter_of(at: datetime) -> Quarter:
    plain = at.astimezone(UTC)
    return Quarter(plain.year, (plain.month - 1) // _MONTHS + 1)


def read_quarter(text: str) -> Quarter | None:
    """None for anything that is no quarter of this century."""
    found = _WORD.fullmatch(text.strip())
    return Quarter(int(found[1]), int(found[2])) if found else None
