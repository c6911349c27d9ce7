"""The words in which others describe rotas to `actions` and read them from `queries`.

What on-call needs from domains above it comes through two registries: what to tell at a hand-over
(`register_briefing`), and whether personal rules reach somebody (`register_reach_check`).
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from evenfall.oncall.logic.hours import Calendar
from evenfall.oncall.logic.proposals import RotaChange
from evenfall.oncall.logic.readiness import ReachFlaw
from evenfall.oncall.logic.schedule import OnCall
from evenfall.oncall.logic.spec import (
    Gap,
    LayerSpec,
    LieutenantKind,
    LieutenantRule,
    MemberSlot,
    OverrideKind,
    OverrideSpec,
    PlanSpec,
    Role,
    RotaSpec,
    ShiftPattern,
    Span,
    WeeklyWindow,
)

type Duty = Span
"""One person in one role for one whole stretch of time."""

__all__ = [
    "Briefing",
    "BriefingLine",
    "BriefingSource",
    "Calendar",
    "Duty",
    "DutyOf",
    "Gap",
    "LayerSpec",
    "LieutenantKind",
    "LieutenantRule",
    "MemberSlot",
    "OnCall",
    "OverrideKind",
    "OverrideSpec",
    "PlanSpec",
    "ReachCheck",
    "ReachFlaw",
    "Role",
    "RotaChange",
    "RotaSpec",
    "ShiftPattern",
    "Span",
    "SummarySource",
    "WeeklyWindow",
    "briefings",
    "reach_flaws",
    "register_briefing",
    "register_reach_check",
    "register_summary",
    "summary_lines",
]


class BriefingLine(Struct, frozen=True, kw_only=True):
    """Plain text, and the path of a page that says more."""

    text: str
    url: str = ""


class Briefing(Struct, frozen=True, kw_only=True):
    """One part of what is told at a hand-over, the most important line first."""

    title: str
    lines: tuple[BriefingLine, ...]


class BriefingSource(Protocol):
    """What one domain tells at a hand-over of a team; `since` is when the shift began."""

    def __call__(
        self, *, team_id: int, service_ids: Collection[int], since: datetime, now: datetime
    ) -> list[Briefing]: ...


class DutyOf(Struct, frozen=True, kw_only=True):
    """Somebody in a role ("primary", "lieutenant") of a rota of a team."""

    user_id: int
    role: str
    rota_id: int
    team_id: int


class SummarySource(Protocol):
    """Lines that a domain above adds to the summary of a team for the time since then."""

    def __call__(self, *, team_id: int, since: datetime, now: datetime) -> Sequence[str]: ...


class ReachCheck(Protocol):
    """The flaw of each duty whose person would not be reached in time; others are left out."""

    def __call__(self, duties: Collection[DutyOf]) -> Mapping[DutyOf, ReachFlaw]: ...


_briefing_sources: dict[str, BriefingSource] = {}
_reach_checks: dict[str, ReachCheck] = {}
_summary_sources: dict[str, SummarySource] = {}


def register_briefing(name: str, source: BriefingSource) -> None:
    """Let a domain above tell its part at hand-overs; parts come in the order of registration."""
    _briefing_sources[name] = source


def briefings(
    *, team_id: int, service_ids: Collection[int], since: datetime, now: datetime
) -> list[Briefing]:
    return [
        briefing
        for source in _briefing_sources.values()
        for briefing in source(team_id=team_id, service_ids=service_ids, since=since, now=now)
    ]


def register_summary(name: str, source: SummarySource) -> None:
    """Let a domain above tell its part in the summaries that teams get."""
    _summary_sources[name] = source


def summary_lines(*, team_id: int, since: datetime, now: datetime) -> tuple[str, ...]:
    sources = _summary_sources.values()
    return tuple(line for tell in sources for line in tell(team_id=team_id, since=since, now=now))


def register_reach_check(name: str, check: ReachCheck) -> None:
    """Let the domain that knows personal rules say whom they do not reach in time."""
    _reach_checks[name] = check


def reach_flaws(duties: Collection[DutyOf]) -> dict[DutyOf, ReachFlaw]:
    found: dict[DutyOf, ReachFlaw] = {}
    for check in _reach_checks.values():
        found |= check(duties)
    return found
