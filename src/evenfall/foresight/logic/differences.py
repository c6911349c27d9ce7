"""Which alerts would be decided otherwise: counted as they come, and the first of them listed."""

from collections import Counter
from datetime import datetime
from enum import StrEnum
from typing import Final

from msgspec import Struct, field

from evenfall.alerting.ports.proposals import Turn

MOST_LINES: Final = 200
"""Lists name so many; their counts count all."""
CALLING: Final = frozenset({"page", "low"})


class AlertLine(Struct, frozen=True, kw_only=True):
    """An alert that would be decided otherwise; the words are outcomes, or who holds it."""

    alert_id: int
    title: str
    severity: str
    environment: str
    at: datetime
    before: str
    after: str


class Of(StrEnum):
    """By which configuration something was decided."""

    AS_IS = "as_is"
    PROPOSED = "proposed"


class Differences(Struct):
    """Fed with the first decision of each alert by either configuration, and with all later ones.

    What waits by either is kept until it waits no more, and counted then.
    """

    alerts: int = 0
    stopped: list[AlertLine] = field(default_factory=list)
    started: list[AlertLine] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    waiting: dict[int, dict[Of, Turn]] = field(default_factory=dict)

    def take(self, before: Turn, after: Turn) -> None:
        self.alerts += 1
        if before is after:
            return
        if waits(before) or waits(after):
            self.waiting[before.alert_id] = {Of.AS_IS: before, Of.PROPOSED: after}
        else:
            self._count(before, after)

    def follow(self, turn: Turn, of: Of) -> None:
        """A later decision: what waited calls now, is held by something else, or is over."""
        pair = self.waiting.get(turn.alert_id)
        if pair is None or not waits(pair[of]):
            return
        if turn.is_over:
            del self.waiting[turn.alert_id]
            self._count(pair[Of.AS_IS], pair[Of.PROPOSED])
            return
        pair[of] = turn
        if not any(map(waits, pair.values())):
            del self.waiting[turn.alert_id]
            called = {one.at for one in pair.values() if calls(one)}
            if len(called) == len(pair):
                self.counts["later"] += 1
            else:
                self._count(pair[Of.AS_IS], pair[Of.PROPOSED])

    def finish(self) -> None:
        """Count what waits still when the time is over as what calls nobody."""
        for pair in self.waiting.values():
            self._count(pair[Of.AS_IS], pair[Of.PROPOSED])
        self.waiting.clear()

    def _count(self, before: Turn, after: Turn) -> None:
        if words_of(before) == words_of(after):
            return
        did, would = calls(before), calls(after)
        kind = "stopped" if did and not would else "started" if would and not did else "other"
        self.counts[kind] += 1
        lines = {"stopped": self.stopped, "started": self.started}.get(kind)
        if lines is not None and len(lines) < MOST_LINES:
            lines.append(_line(before, after))


def calls(turn: Turn) -> bool:
    return turn.outcome in CALLING and not turn.held_by


def waits(turn: Turn) -> bool:
    """Whether a rule lets it wait before it calls anybody."""
    return turn.held_by.startswith("wait:")


def words_of(turn: Turn) -> str:
    """What was decided, in a word that people know from the pages."""
    return f"held by {turn.held_by.partition(':')[0]}" if turn.held_by else turn.outcome


def _line(before: Turn, after: Turn) -> AlertLine:
    return AlertLine(
        alert_id=before.alert_id,
        title=before.title,
        severity=before.severity,
        environment=before.environment,
        at=before.at,
        before=words_of(before),
        after=words_of(after),
    )
