"""What a day is made of: what tools send, and what ought to come of it.

The truth is written down when something is planted, never read off the product. `Firing` is one
life of an alert, from its first signal until its sender says, or lets know, that it is over.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct, field
from tests.day.company import Company

STEP: Final = timedelta(seconds=15)
"""Rules are evaluated so often, hence everything begins and ends on this grid."""
RESEND: Final = timedelta(minutes=2)
"""So often an alert that still fires is sent again."""
TICK: Final = timedelta(minutes=2)
"""So often the replay looks, whether something comes or not."""
LASTS: Final = 4 * RESEND
"""So long a signal holds without another one, as Prometheus tells with each."""


class Sender(StrEnum):
    """The metrics repeat what fires and tell its end; the batch jobs tell things once."""

    METRICS = "metrics"
    BATCH = "batch"


class Why(StrEnum):
    """Why an alert is part of no incident."""

    TICKET = "ticket"
    RECORD = "record"
    SILENCE = "silence"
    MAINTENANCE = "maintenance"
    INHIBITION = "inhibition"


class Firing(Struct, frozen=True, kw_only=True):
    """One life of an alert. `ended` None: nobody tells, and it is over by itself some time.

    `is_doubled`: two replicas of its sender tell it. `raised_at`: from then on it is critical.
    """

    id: str
    labels: Mapping[str, str]
    severity: str
    summary: str
    began: datetime
    ended: datetime | None
    sender: Sender = Sender.METRICS
    last_told: datetime | None = None
    raised_at: datetime | None = None
    is_doubled: bool = False

    @property
    def key(self) -> str:
        """What names the alert, also over several lives."""
        return ",".join(f"{name}={self.labels[name]}" for name in sorted(self.labels))


class Signal(Struct, frozen=True, kw_only=True):
    """One message. `until` is how long it holds by its sender's word; None: no word."""

    at: datetime
    firing: Firing
    severity: str
    until: datetime | None = None
    is_over: bool = False
    is_first: bool = False


class Call(Struct, frozen=True, kw_only=True):
    """A page that ought to begin: when, which team, and whether it may wake somebody."""

    at: datetime
    team: str
    is_urgent: bool = True


class PlannedIncident(Struct, frozen=True, kw_only=True):
    """What ought to be one incident. `problem` is "" where nothing was really wrong."""

    story: str
    problem: str
    team: str
    environment: str
    firings: frozenset[str]
    calls: tuple[Call, ...]


class Problem(Struct, frozen=True, kw_only=True):
    """Something that is really wrong, with all alerts it sets off, wherever they end up.

    Somebody of `team` has to hear of it at once.
    """

    id: str
    story: str
    team: str
    began: datetime
    ended: datetime
    firings: frozenset[str]


class Window(Struct, frozen=True, kw_only=True):
    """Planned work on services; `starts` and `ends` on whole minutes."""

    name: str
    services: tuple[str, ...]
    starts: datetime
    ends: datetime


class Day(Struct, frozen=True, kw_only=True):
    """A planted day: signals in time order and the truth about them."""

    seed: int
    starts: datetime
    company: Company
    signals: Sequence[Signal]
    problems: Mapping[str, Problem]
    incidents: Sequence[PlannedIncident]
    quiet: Mapping[str, Why]
    windows: Sequence[Window] = ()
    firings: Mapping[str, Firing] = field(default_factory=dict)

    @property
    def ends(self) -> datetime:
        return self.starts + timedelta(days=1)


def signals_of(firing: Firing) -> list[Signal]:
    """All that its sender says of it, in time order."""
    told = [_signal(firing, at, is_first=at == firing.began) for at in _times(firing)]
    if firing.ended is not None:
        told.append(_end(firing, firing.ended))
    return [one for one in told for _ in range(2 if firing.is_doubled else 1)]


def _times(firing: Firing) -> list[datetime]:
    if firing.sender is Sender.BATCH:
        return [firing.began, *([firing.raised_at] if firing.raised_at else [])]
    until = firing.ended or firing.last_told or firing.began
    count = int((until - firing.began) / RESEND) + 1
    times = [firing.began + RESEND * number for number in range(count)]
    return [at for at in times if at == firing.began or firing.ended is None or at < firing.ended]


def _signal(firing: Firing, at: datetime, *, is_first: bool) -> Signal:
    is_raised = firing.raised_at is not None and at >= firing.raised_at
    return Signal(
        at=at,
        firing=firing,
        severity="critical" if is_raised else firing.severity,
        until=at + LASTS if firing.sender is Sender.METRICS else None,
        is_first=is_first or at == firing.raised_at,
    )


def _end(firing: Firing, at: datetime) -> Signal:
    return Signal(at=at, firing=firing, severity=firing.severity, until=at, is_over=True)
