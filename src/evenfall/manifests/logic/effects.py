"""Which changes of a plan a replay of recorded alerts can show, and which it cannot."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec import Struct

from evenfall.foresight.ports import Report
from evenfall.manifests.logic.planning import Change, Step
from evenfall.manifests.logic.reading import Thing

_TIMES: Final = frozenset({"starts_at", "ends_at", "comment", "name"})
_RECURRING: Final = "What comes back is not replayed. Declare one window to see what it would hold."
_SENDER: Final = "No alert came through it yet."
_MAPPING: Final = "Alerts of the past stay as they were read."
_SWITCH: Final = "Alerts of the past came all the same."
_ONLY_TIMES: Final = "Only its time changes; the replay looks back."


class LeftOut(Struct, frozen=True):
    """A change that the replay cannot show, and why."""

    thing: Thing
    reason: str


class Effect(Struct, frozen=True, kw_only=True):
    """What the alerts of the last days would have led to with a plan.

    Without a `report` nothing was replayed, and `reason` says why. `number` is that of the what-if.
    """

    days: int
    reason: str = ""
    report: Report | None = None
    number: int | None = None
    left_out: tuple[LeftOut, ...] = ()


def left_out(changes: Iterable[Change]) -> tuple[LeftOut, ...]:
    """What the replay cannot show of these changes, in their order."""
    return tuple(LeftOut(one.thing, why) for one in changes for why in _reasons(one))


def _reasons(change: Change) -> Iterator[str]:
    kind, paths = change.thing.kind, top_fields(change)
    if kind == "recurring_maintenance":
        yield _RECURRING
    elif kind == "integrations":
        if change.step is Step.CREATE:
            yield _SENDER
        elif change.step is Step.DELETE or "is_enabled" in paths:
            yield _SWITCH
        elif "mapping" in paths:
            yield _MAPPING
    elif covers_the_same(change):
        yield _ONLY_TIMES


def covers_the_same(change: Change) -> bool:
    """Whether a silence or a window stays for the same alerts, at another time."""
    is_quiet = change.thing.kind in {"silences", "maintenance"}
    return is_quiet and change.step is Step.UPDATE and top_fields(change) <= _TIMES


def top_fields(change: Change) -> frozenset[str]:
    return frozenset(one.path.partition(".")[0] for one in change.fields)


def sums(report: Report) -> Mapping[str, tuple[int, int]]:
    """The figures that people look at first: as things are, and as they would be."""
    before, after = report.as_is, report.proposed
    return {
        "pages": (before.pages, after.pages),
        "by night": (before.nights, after.nights),
        "in working hours": (before.working, after.working),
        "to the inbox only": (before.unreached, after.unreached),
        "of low urgency": (before.low, after.low),
        "incidents": (before.incidents, after.incidents),
    }
