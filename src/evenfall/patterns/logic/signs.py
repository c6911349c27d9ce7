"""What raises a pattern by itself: signs that a problem comes back."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct

from evenfall.catalog.ports import Environment

WITHIN: Final = timedelta(days=90)
OFTEN: Final = 3


class Sign(StrEnum):
    """The values are stored."""

    OFTEN = "often"
    NOT_MENDED = "not_mended"
    ESCAPED = "escaped"


class Seen(Struct, frozen=True, kw_only=True):
    """One incident of a group.

    `mended_at` is when the last action of its post-mortem was verified, None where none was.
    """

    incident_id: int
    environment: Environment
    opened_at: datetime
    mended_at: datetime | None = None


class Raised(Struct, frozen=True, kw_only=True):
    """A sign, the incident that shows it, and what to tell people."""

    sign: Sign
    incident_id: int
    text: str


def signs(group: Sequence[Seen], *, mended_at: datetime | None = None) -> list[Raised]:
    """The signs of a group of incidents that may be one problem, whatever their order.

    `mended_at` is when people said that the pattern is mended. Each sign is shown by the newest
    incident that shows it; the sign that says most comes first.
    """
    ordered = sorted(group, key=lambda one: (one.opened_at, one.incident_id))
    found = (_not_mended(ordered, mended_at), _escaped(ordered), _often(ordered))
    return [raised for raised in found if raised is not None]


def _often(ordered: Sequence[Seen]) -> Raised | None:
    for last in range(len(ordered) - 1, OFTEN - 2, -1):
        newest = ordered[last]
        near = [one for one in ordered[: last + 1] if newest.opened_at - one.opened_at <= WITHIN]
        if len(near) >= OFTEN:
            text = f"{len(near)} times in {WITHIN.days} days"
            return Raised(sign=Sign.OFTEN, incident_id=newest.incident_id, text=text)
    return None


def _not_mended(ordered: Sequence[Seen], pattern_at: datetime | None) -> Raised | None:
    for one in reversed(ordered):
        if pattern_at is not None and one.opened_at > pattern_at:
            text = f"#{one.incident_id} came after it was said to be mended"
            return Raised(sign=Sign.NOT_MENDED, incident_id=one.incident_id, text=text)
        for earlier in _mended_before(one, ordered):
            text = f"#{one.incident_id} came after the fix of #{earlier.incident_id} was verified"
            return Raised(sign=Sign.NOT_MENDED, incident_id=one.incident_id, text=text)
    return None


def _mended_before(one: Seen, ordered: Sequence[Seen]) -> Iterator[Seen]:
    for earlier in reversed(ordered):
        mended = earlier.mended_at
        if earlier.opened_at < one.opened_at and mended is not None and mended < one.opened_at:
            yield earlier


def _escaped(ordered: Sequence[Seen]) -> Raised | None:
    for place in range(len(ordered) - 1, 0, -1):
        one = ordered[place]
        before = [late for late in ordered[:place] if late.environment is not Environment.PROD]
        if one.environment is Environment.PROD and before:
            first = before[0]
            text = (
                f"#{first.incident_id} in {first.environment.value} came to production "
                f"as #{one.incident_id}"
            )
            return Raised(sign=Sign.ESCAPED, incident_id=one.incident_id, text=text)
    return None
