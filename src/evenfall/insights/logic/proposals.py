"""What would have spared pages, found in how the pages of one problem went.

Each proposal says what it would have changed in the time looked at, by the recorded pages alone:
how many it would have spared, and how many of those somebody acted on. Nothing is proposed on
fewer than `LEAST` pages.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from evenfall.insights.logic.delays import shortest_wait
from evenfall.insights.logic.waking import SELF_HEALED

LOOKED_AT: Final = timedelta(days=28)
LEAST: Final = 5
_FEW: Final = 0.1
_SOME: Final = 0.34
_HALF: Final = 0.5
_MOST: Final = 0.8
_LEAST_NIGHTS: Final = 3
_LEAST_ANSWERS: Final = 3
SILENT_FOR: Final = timedelta(days=14)
HOLDS: Final = tuple(timedelta(minutes=m) for m in (1, 2, 3, 5))
WINDOWS: Final = tuple(timedelta(minutes=m) for m in (15, 30, 60, 120, 240))
CRITICAL: Final = "critical"


class Kind(StrEnum):
    """What is changed; the values are stored."""

    TICKET = "ticket"
    LOW = "low"
    SILENCE = "silence"
    LONGER = "longer"
    SENDER = "sender"
    INHIBIT = "inhibit"
    GROUP = "group"
    WAIT = "wait"
    END = "end"
    NEEDS = "needs"
    TWIN = "twin"


REPLAYED: Final = frozenset(
    {
        Kind.TICKET,
        Kind.LOW,
        Kind.SILENCE,
        Kind.INHIBIT,
        Kind.GROUP,
        Kind.WAIT,
        Kind.TWIN,
    }
)
"""Kinds that a replay of the recorded alerts can tell: the others change which alerts come, how
long they stay, or which services need each other.
"""


class State(StrEnum):
    OPEN = "open"
    APPLIED = "applied"
    DISMISSED = "dismissed"
    UNDONE = "undone"


class Woken(Struct, frozen=True, kw_only=True):
    """One page of a problem, oldest first. Seconds as in the table of pages.

    `was_open`: the page before of the same problem was still open when this one came.
    """

    at: datetime
    over_s: int | None = None
    after_s: int | None = None
    was_open: bool = False
    is_acted: bool = False
    is_night: bool = False
    is_critical: bool = False
    is_not_actionable: bool = False

    @property
    def healed(self) -> bool:
        """It was over by itself within five minutes, and nobody had done anything."""
        return not self.is_acted and self.is_over_within(SELF_HEALED)

    def is_over_within(self, hold: timedelta) -> bool:
        return self.over_s is not None and self.over_s <= hold.total_seconds()


class Looking(Struct, frozen=True, kw_only=True):
    """A monitor of our own: how often it looks, and how many bad looks open an alert."""

    monitor_id: int
    interval_s: int
    bad_needed: int


class Problem(Struct, frozen=True, kw_only=True):
    """All pages of one problem in the time looked at."""

    key: str
    pages: Sequence[Woken]
    monitor: Looking | None = None

    @property
    def acted(self) -> int:
        return sum(one.is_acted for one in self.pages)


class Suggestion(Struct, frozen=True, kw_only=True):
    """A change, and what it would have done to `pages` pages.

    `spared` would not have come, or not at night; `acted` of those somebody acted on, and
    `critical` of those were critical: what the change would have cost. `why` is the finding,
    `counts` are figures of this kind alone.
    """

    kind: Kind
    problem: str
    why: str
    pages: int
    spared: int
    nights: int
    acted: int
    critical: int
    change: Mapping[str, int | str]
    counts: Mapping[str, int | float] = field(default_factory=dict)


def suggestions(problem: Problem) -> list[Suggestion]:
    """What could be done about one problem, the most telling first; [] on too few pages."""
    if len(problem.pages) < LEAST:
        return []
    found = (_less_urgent(problem), _silence(problem), _later(problem), _joined(problem))
    return [one for one in found if one is not None]


def _less_urgent(problem: Problem) -> Suggestion | None:
    pages, share = problem.pages, problem.acted / len(problem.pages)
    if share <= _FEW:
        why = f"Of {len(pages)} pages somebody acted on {problem.acted or 'none'}."
        return _suggested(Kind.TICKET, problem, why, pages, {})
    nights = [one for one in pages if one.is_night]
    if share <= _SOME and len(nights) >= _LEAST_NIGHTS:
        why = (
            f"Of {len(pages)} pages somebody acted on {problem.acted}; {len(nights)} came at night."
        )
        return _suggested(Kind.LOW, problem, why, nights, {})
    return None


def _silence(problem: Problem) -> Suggestion | None:
    told = sum(one.is_not_actionable for one in problem.pages)
    if told < _LEAST_ANSWERS or problem.acted:
        return None
    why = f"People said {told} times that it needs nobody, and nobody ever acted on it."
    return _suggested(Kind.SILENCE, problem, why, problem.pages, {"days": SILENT_FOR.days})


def _later(problem: Problem) -> Suggestion | None:
    """Wait before it counts: a monitor of ours by more looks, a rule by minutes, else its tool."""
    if problem.monitor is None and (waits := _waits(problem)) is not None:
        return waits
    healed = [one for one in problem.pages if one.healed]
    percent = round(100 * len(healed) / len(problem.pages))
    if len(healed) < _HALF * len(problem.pages):
        return None
    hold = next(hold for hold in HOLDS if _covers_most(healed, hold))
    minutes = int(hold.total_seconds() // 60)
    why = f"{percent} % of {len(problem.pages)} pages were over by themselves within five minutes."
    spared = [one for one in problem.pages if one.is_over_within(hold)]
    looking = problem.monitor
    if looking is None:
        return _suggested(Kind.SENDER, problem, why, spared, {"minutes": minutes})
    more = math.ceil(hold.total_seconds() / looking.interval_s)
    change = {
        "minutes": minutes,
        "monitor_id": looking.monitor_id,
        "bad_needed": looking.bad_needed + more,
        "was": looking.bad_needed,
    }
    return _suggested(Kind.LONGER, problem, why, spared, change)


def _waits(problem: Problem) -> Suggestion | None:
    """Wait as long as most of what heals takes, where that hides nothing anybody acted on."""
    pages = problem.pages
    minutes = shortest_wait(
        healed_s=[one.over_s for one in pages if one.over_s is not None and not one.is_acted],
        acted_s=[one.over_s for one in pages if one.over_s is not None and one.is_acted],
        pages=len(pages),
    )
    if minutes is None:
        return None
    hold = timedelta(minutes=minutes)
    spared = [one for one in pages if one.is_over_within(hold)]
    late = len(pages) - len(spared)
    unit = "a minute" if minutes == 1 else f"{minutes} minutes"
    why = (
        f"{len(spared)} of {len(pages)} pages were over by themselves within {unit}, and nobody "
        f"had acted on any of these. {'The other' if late == 1 else f'The other {late}'} would "
        f"have come {unit} later."
    )
    if not late:
        why = why.partition(". ")[0] + "."
    found = _suggested(Kind.WAIT, problem, why, spared, {"minutes": minutes})
    return replace(found, counts={"later": late})


def _covers_most(healed: Sequence[Woken], hold: timedelta) -> bool:
    """The longest hold is as long as what counts as healed, so one always does."""
    return sum(one.is_over_within(hold) for one in healed) >= _MOST * len(healed)


def _joined(problem: Problem) -> Suggestion | None:
    """Let what comes while the last one is open join it, however much later."""
    again = [one for one in problem.pages if one.was_open and one.after_s is not None]
    if len(again) < LEAST:
        return None
    longest = max(one.after_s or 0 for one in again)
    window = next((w for w in WINDOWS if w.total_seconds() >= longest), WINDOWS[-1])
    spared = [one for one in again if (one.after_s or 0) <= window.total_seconds()]
    if not spared:
        return None  # they are further apart than any window reaches
    minutes = int(window.total_seconds() // 60)
    why = f"{len(again)} of {len(problem.pages)} pages came while the one before was still open."
    return _suggested(Kind.GROUP, problem, why, spared, {"minutes": minutes})


def _suggested(
    kind: Kind, problem: Problem, why: str, spared: Sequence[Woken], change: Mapping[str, int | str]
) -> Suggestion:
    acted = [one for one in spared if one.is_acted]
    return Suggestion(
        kind=kind,
        problem=problem.key,
        why=why,
        pages=len(problem.pages),
        spared=len(spared),
        nights=sum(one.is_night for one in spared),
        acted=len(acted),
        critical=sum(one.is_critical for one in acted),
        change=change,
    )


FOLLOWS_WITHIN: Final = timedelta(minutes=5)


def inhibitions(problems: Iterable[Problem]) -> list[Suggestion]:
    """Problems that nearly always come within minutes after the same other one.

    Pages are compared in steps of five minutes, each problem once a step, so that a storm costs no
    more than a calm day. Of several causes the one that came first most often counts.
    """
    asked = [one for one in problems if len(one.pages) >= LEAST]
    steps: dict[int, dict[str, datetime]] = {}
    for problem in asked:
        for page in problem.pages:
            steps.setdefault(_step(page.at), {}).setdefault(problem.key, page.at)
    return [found for problem in asked if (found := _symptom(problem, steps)) is not None]


def _symptom(problem: Problem, steps: Mapping[int, Mapping[str, datetime]]) -> Suggestion | None:
    led: dict[str, list[Woken]] = {}
    for page in problem.pages:
        for key in set(_before(page, problem.key, steps)):
            led.setdefault(key, []).append(page)
    if not led:
        return None
    cause, spared = max(led.items(), key=lambda item: (len(item[1]), item[0]))
    if len(spared) < _MOST * len(problem.pages):
        return None
    percent = round(100 * len(spared) / len(problem.pages))
    why = f"{percent} % of {len(problem.pages)} pages came within minutes after the other."
    return _suggested(Kind.INHIBIT, problem, why, spared, {"cause": cause})


def _before(page: Woken, own: str, steps: Mapping[int, Mapping[str, datetime]]) -> Iterator[str]:
    now = _step(page.at)
    for step in (now - 1, now):
        for key, at in steps.get(step, {}).items():
            if key != own and timedelta(0) < page.at - at <= FOLLOWS_WITHIN:
                yield key


def _step(at: datetime) -> int:
    return int(at.timestamp() // FOLLOWS_WITHIN.total_seconds())
