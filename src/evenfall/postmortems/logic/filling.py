"""What a draft says before anybody wrote in it: the facts of the incident as Markdown."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import Struct

from evenfall.platform import durations
from evenfall.postmortems.logic.templates import Fill

MOST_LINES: Final = 200
UNKNOWN: Final = "unknown"


class Moment(Struct, frozen=True, kw_only=True):
    """An entry of the timeline; `text` is one line of plain text."""

    at: datetime
    who: str
    text: str
    pinned: bool = False


class Fired(Struct, frozen=True, kw_only=True):
    title: str
    severity: str
    at: datetime
    ended_at: datetime | None


class Changed(Struct, frozen=True, kw_only=True):
    summary: str
    source: str
    at: datetime


class Told(Struct, frozen=True, kw_only=True):
    """How updates that an audience was promised came: so many in time, late, or far too late."""

    audience: str
    kept: int
    late: int
    broken: int


class Facts(Struct, frozen=True, kw_only=True):
    """What is known about an incident; times are aware UTC, None where nobody knows."""

    severity: str
    environment: str
    service: str
    opened_at: datetime
    acknowledged_at: datetime | None
    mobilised_at: datetime | None
    resolved_at: datetime | None
    alert_count: int
    timeline: Sequence[Moment] = ()
    participants: Sequence[str] = ()
    alerts: Sequence[Fired] = ()
    changes: Sequence[Changed] = ()
    told: Sequence[Told] = ()
    severities: Sequence[tuple[str, timedelta]] = ()
    """How long it had each severity, in their order; empty where it had only one."""


def filled(fill: Fill | None, facts: Facts) -> str:
    """The Markdown of a section; "" for one that people write from nothing."""
    return "" if fill is None else _WRITERS[fill](facts)


def _timeline(facts: Facts) -> str:
    """All entries, or only those that somebody pinned, where somebody pinned any."""
    pinned = [one for one in facts.timeline if one.pinned]
    told = list(pinned or facts.timeline)
    lines = [f"- {_time(one.at)} {_plain(one.text)}" for one in told[:MOST_LINES]]
    if len(told) > MOST_LINES:
        lines.append(f"- … {len(told) - MOST_LINES} more on the page of the incident")
    return "\n".join(lines)


def _impact(facts: Facts) -> str:
    lasted = _length(facts.opened_at, facts.resolved_at)
    rows = {
        "Severity": _severity(facts),
        "Environment": facts.environment,
        "Service": _plain(facts.service) or UNKNOWN,
        "Lasted": lasted,
        "Alerts": str(facts.alert_count),
        "Users affected": UNKNOWN,
        "Requests failed": UNKNOWN,
        "Money": UNKNOWN,
        "Support tickets": UNKNOWN,
    }
    return _listed(f"{label}: {value}" for label, value in rows.items())


def _durations(facts: Facts) -> str:
    rows: Mapping[str, datetime | None] = {
        "Acknowledged": facts.acknowledged_at,
        "Somebody worked on it": facts.mobilised_at,
        "Over": facts.resolved_at,
    }
    first = f"Opened {_time(facts.opened_at)}"
    later = [
        f"{label} after {_length(facts.opened_at, at)}" if at else f"{label}: {UNKNOWN}"
        for label, at in rows.items()
    ]
    return _listed([first, *later])


def _participants(facts: Facts) -> str:
    return _listed(map(_plain, facts.participants)) or "Nobody is known to have taken part."


def _alerts(facts: Facts) -> str:
    rows = [
        f"{_time(one.at)} {one.severity}: {_plain(one.title)}"
        f" ({_length(one.at, one.ended_at) if one.ended_at else 'still open'})"
        for one in facts.alerts
    ]
    return _listed(rows) or "No alert rang: a person noticed first."


def _changes(facts: Facts) -> str:
    rows = [
        f"{_time(one.at)} {_plain(one.summary)}" + (f" ({_plain(one.source)})" * bool(one.source))
        for one in facts.changes
    ]
    return _listed(rows) or "No change is known in the day before."


def _communication(facts: Facts) -> str:
    rows = [
        f"Updates for {one.audience}: {one.kept} of {one.kept + one.late + one.broken} in time"
        + (f", {one.late} late" if one.late else "")
        + (f", {one.broken} far too late or never" if one.broken else "")
        for one in facts.told
    ]
    return _listed(rows) or "No update was promised to anybody."


def _severity(facts: Facts) -> str:
    """As it is now, and for how long it had which, where it had several."""
    if len(facts.severities) < 2:  # noqa: PLR2004 - several
        return facts.severity
    times = (f"{name} for {durations.spoken(length)}" for name, length in facts.severities)
    return f"{facts.severity} ({', '.join(times)})"


_WRITERS: Final[Mapping[Fill, Callable[[Facts], str]]] = {
    Fill.TIMELINE: _timeline,
    Fill.IMPACT: _impact,
    Fill.DURATIONS: _durations,
    Fill.PARTICIPANTS: _participants,
    Fill.ALERTS: _alerts,
    Fill.CHANGES: _changes,
    Fill.COMMUNICATION: _communication,
}


def _listed(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _length(start: datetime, end: datetime | None) -> str:
    if end is None:
        return UNKNOWN
    return durations.spoken(end - start)


def _time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _plain(text: str) -> str:
    """One line that no sign of turns into markup."""
    folded = " ".join(text.split())
    return "".join(f"\\{sign}" if sign in "\\`*_[]<>#|" else sign for sign in folded)
