"""What a change of a rota changes: the stretches in which somebody else has a role."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from evenfall.oncall.logic.schedule import final_schedule
from evenfall.oncall.logic.spec import OverrideSpec, Role, RotaSpec, Span


class Change(Struct, frozen=True):
    """From `starts_at` until just before `ends_at` (UTC) `after` has the role and not `before`.

    None is nobody.
    """

    starts_at: datetime
    ends_at: datetime
    role: Role
    before: int | None
    after: int | None


def diff(
    before: RotaSpec, after: RotaSpec, starts_at: datetime, ends_at: datetime
) -> tuple[Change, ...]:
    """The changes between two aware instants, by start, primaries first, neighbours joined.

    Only who has a role counts: another reason for the same person is no change.
    """
    old = final_schedule(before, starts_at, ends_at)
    new = final_schedule(after, starts_at, ends_at)
    changes = [change for role in Role for change in _of_role(role, old, new)]
    return tuple(sorted(changes, key=lambda change: change.starts_at))


def effect(spec: RotaSpec, *overrides: OverrideSpec) -> tuple[Change, ...]:
    """What these overrides would change if they came after all others of the rota."""
    after = replace(spec, overrides=(*spec.overrides, *overrides))
    starts_at = min(one.starts_at for one in overrides)
    return diff(spec, after, starts_at, max(one.ends_at for one in overrides))


def is_without_effect(spec: RotaSpec, override: OverrideSpec) -> bool:
    """Whether the rota would be the same without this override, which is one of its own."""
    place = len(spec.overrides) - 1 - spec.overrides[::-1].index(override)
    rest = (*spec.overrides[:place], *spec.overrides[place + 1 :])
    bare = replace(spec, overrides=rest)
    return not diff(bare, spec, override.starts_at, override.ends_at)


def _of_role(role: Role, old: Sequence[Span], new: Sequence[Span]) -> Iterator[Change]:
    mine = [span for span in old if span.role is role]
    others = [span for span in new if span.role is role]
    edges = sorted({edge for span in (*mine, *others) for edge in (span.starts_at, span.ends_at)})
    last: Change | None = None
    for low, high in pairwise(edges):
        found = Change(low, high, role, _holder(mine, low), _holder(others, low))
        if found.before == found.after:
            continue
        if last and _continues(last, found):
            last = replace(last, ends_at=high)
            continue
        if last:
            yield last
        last = found
    if last:
        yield last


def _continues(last: Change, found: Change) -> bool:
    return (last.ends_at, last.before, last.after) == (found.starts_at, found.before, found.after)


def _holder(spans: Sequence[Span], at: datetime) -> int | None:
    """Who has the role at the instant; the spans are of one role and by start."""
    place = bisect_right(spans, at, key=lambda span: span.starts_at) - 1
    return spans[place].user_id if place >= 0 and at < spans[place].ends_at else None
