"""The words of a team's summary. Times are said on the wall of the reader's zone."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from evenfall.oncall.logic.handover_texts import wall
from evenfall.oncall.logic.summaries import Cadence

MOST_CHANGES = 7
MOST_GAPS = 5
SPAN = {Cadence.DAILY: "today", Cadence.WEEKLY: "this week"}


class HandOver(Struct, frozen=True, kw_only=True):
    at: datetime
    name: str


class RotaSummary(Struct, frozen=True, kw_only=True):
    """One rota: who is on now (empty: nobody), the hand-overs that come, and the gaps."""

    name: str
    primary: str
    lieutenant: str
    until: datetime | None
    hand_overs: tuple[HandOver, ...]
    gaps: tuple[tuple[datetime, datetime], ...]


class TeamSummary(Struct, frozen=True, kw_only=True):
    """A team at one instant and for the time after it; pages are those of the time before.

    `more` is what other domains tell of that time.
    """

    team: str
    rotas: tuple[RotaSummary, ...]
    absences: tuple[tuple[str, datetime, datetime], ...]
    pages: int
    pages_days: int
    more: tuple[str, ...] = ()


def title(summary: TeamSummary, cadence: Cadence) -> str:
    return f"On call in {summary.team} {SPAN[cadence]}"


def lines(summary: TeamSummary, zone: ZoneInfo) -> tuple[str, ...]:
    return tuple(_lines(summary, zone))


def _lines(summary: TeamSummary, zone: ZoneInfo) -> Iterator[str]:
    for rota in summary.rotas:
        yield from _rota(rota, zone)
    for name, starts_at, ends_at in summary.absences:
        yield f"Away: {name}, {wall(starts_at, zone)} to {wall(ends_at, zone)}"
    days = "the last day" if summary.pages_days == 1 else f"the last {summary.pages_days} days"
    yield f"Pages in {days}: {summary.pages}"
    yield from summary.more


def _rota(rota: RotaSummary, zone: ZoneInfo) -> Iterator[str]:
    until = f" until {wall(rota.until, zone)}" if rota.until else ""
    lieutenant = f", lieutenant {rota.lieutenant}" if rota.lieutenant else ""
    yield f"{rota.name}: {rota.primary or 'nobody'}{until}{lieutenant}"
    for hand_over in rota.hand_overs[:MOST_CHANGES]:
        yield f"{rota.name}, {wall(hand_over.at, zone)}: {hand_over.name} takes over"
    yield from _more(len(rota.hand_overs), MOST_CHANGES, "hand-overs")
    for starts_at, ends_at in rota.gaps[:MOST_GAPS]:
        yield f"{rota.name}: NOBODY from {wall(starts_at, zone)} to {wall(ends_at, zone)}"
    yield from _more(len(rota.gaps), MOST_GAPS, "gaps")


def _more(count: int, shown: int, noun: str) -> Sequence[str]:
    return [f"… and {count - shown} more {noun}"] if count > shown else []
