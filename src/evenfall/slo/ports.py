"""The words of objectives that others speak too, and how they add counts and causes.

Domains below are read by us. Domains above tell by `slo.actions.charge` what was going on with a
service, or register a read of it here. Whoever holds counts of another kind (traces, say) registers
a reader for the origin of indicators that it fills.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from evenfall.slo.logic.burning import AlertKind
from evenfall.slo.logic.charges import Charged, Interval
from evenfall.slo.logic.spec import IndicatorSpec, Origin
from evenfall.slo.logic.states import BudgetState, Cause, CorrectionKind, ExceptionKind
from evenfall.slo.logic.tallies import Tally
from evenfall.slo.logic.windows import Bounds

__all__ = [
    "AlertKind",
    "AskedCounts",
    "Bounds",
    "BudgetState",
    "Cause",
    "Charged",
    "CorrectionKind",
    "CountReader",
    "Counted",
    "ExceptionKind",
    "IndicatorSpec",
    "Interval",
    "Origin",
    "Tally",
    "causes",
    "count_reader",
    "register_causes",
    "register_counts",
    "unregister_causes",
]


class AskedCounts(Struct, frozen=True, kw_only=True):
    """One indicator and the whole minutes that are wanted of it; `values` fill its `$names`."""

    spec: IndicatorSpec
    over: Bounds
    values: Mapping[str, str]


class Counted(Struct, frozen=True, kw_only=True):
    """What is known, by when the minute begins; `problem` says why nothing could be read.

    `is_away` says that it is the fault of the source and not of what it was asked.
    """

    minutes: Mapping[datetime, Tally]
    problem: str = ""
    is_away: bool = False


class CountReader(Protocol):
    """Reads many indicators of one origin; called outside of transactions."""

    def __call__(self, asked: Sequence[AskedCounts], *, now: datetime) -> list[Counted]:
        """Answer in the order asked; never raises for what is not there."""
        ...


type ReadCauses = Callable[[Collection[int], Bounds], Mapping[int, Sequence[Interval]]]

_readers: dict[Origin, CountReader] = {}
_causes: dict[str, ReadCauses] = {}


def register_counts(origin: Origin, read: CountReader) -> None:
    """Let `read` answer for indicators of this origin; again replaces it."""
    _readers[origin] = read


def count_reader(origin: Origin) -> CountReader | None:
    return _readers.get(origin)


def register_causes(name: str, read: ReadCauses) -> None:
    """Let `read` say what was going on; it gets service ids and a time, and answers by service."""
    _causes[name] = read


def unregister_causes(name: str) -> None:
    _causes.pop(name, None)


def causes(service_ids: Collection[int], over: Bounds) -> dict[int, list[Interval]]:
    """What all who registered say of these services; a query for each of them."""
    found: dict[int, list[Interval]] = {number: [] for number in service_ids}
    for read in _causes.values():
        for number, intervals in read(service_ids, over).items():
            found.setdefault(number, []).extend(intervals)
    return found
