"""A change of a rota as a picture: the weeks it touches, each before and after."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice

from msgspec.structs import replace

from evenfall.oncall.logic import picture
from evenfall.oncall.logic.diff import Change
from evenfall.oncall.logic.picture import Row, RowKind, Week
from evenfall.oncall.logic.spec import Role, RotaSpec

DRAWN = {Role.PRIMARY: RowKind.FINAL, Role.LIEUTENANT: RowKind.LIEUTENANT}


def weeks(
    before: RotaSpec,
    after: RotaSpec,
    changes: Sequence[Change],
    names: Mapping[int, str],
    *,
    most: int,
) -> tuple[Week, ...]:
    """The first weeks that the changes touch; of each the rows of the roles that change."""
    kinds = [DRAWN[role] for role in DRAWN if any(change.role is role for change in changes)]
    drawn = (
        replace(new, rows=tuple(_pairs(kinds, old, new)), now=None)
        for old, new in _touched(before, after, changes, names)
    )
    return tuple(islice(drawn, most))


def _touched(
    before: RotaSpec, after: RotaSpec, changes: Sequence[Change], names: Mapping[int, str]
) -> Iterator[tuple[Week, Week]]:
    reached: datetime | None = None
    for change in changes:
        at = max(change.starts_at, reached or change.starts_at)
        while at < change.ends_at:
            (old,) = picture.weeks(before, names, now=at, count=1)
            (new,) = picture.weeks(after, names, now=at, count=1)
            yield old, new
            at = reached = new.ends_at


def _pairs(kinds: Sequence[RowKind], old: Week, new: Week) -> Iterator[Row]:
    for kind in kinds:
        for week, words in ((old, "now"), (new, "then")):
            rows = [row for row in week.rows if row.kind is kind]
            label = "Lieutenant" if kind is RowKind.LIEUTENANT else "On call"
            bars = rows[0].bars if rows else ()
            yield Row(kind, f"{label} {words}", bars)
