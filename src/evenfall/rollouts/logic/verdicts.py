"""What measurements say of the new version, in three values and one more: no data."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from msgspec import Struct


class Outcome(StrEnum):
    """No data is never a pass; inconclusive asks a person."""

    PASS = "pass"  # noqa: S105 - no password
    NO_DATA = "no_data"
    INCONCLUSIVE = "inconclusive"
    FAIL = "fail"


_WORST_LAST: Final = tuple(Outcome)


class Verdict(Struct, frozen=True, kw_only=True):
    """`reason` is a sentence with the numbers that decided; `lane` who says it."""

    outcome: Outcome
    reason: str
    lane: str = "guard"


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict that counts; of nothing at all there is no data."""
    nothing = Verdict(outcome=Outcome.NO_DATA, reason="Nothing is measured.", lane="")
    return max(verdicts, key=lambda one: _WORST_LAST.index(one.outcome), default=nothing)
