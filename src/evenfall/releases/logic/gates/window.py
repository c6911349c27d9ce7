"""Is it a time in which deploys are open: on the wall of the service, and for who is on call?"""

from datetime import datetime, timedelta

from evenfall.releases.logic.answers import Evidence, GateResult, fails, passes
from evenfall.releases.logic.facts import Facts
from evenfall.releases.logic.windows import Window, closes_at, next_open
from evenfall.releases.logic.words import Kind

NAME = "window"
_PAGE = "/releases/calendar/"


def ask(facts: Facts, now: datetime) -> GateResult:
    if not facts.windows:
        return passes(NAME, "No window is set for it: deploys are always open.")
    if facts.kind is Kind.ROLLBACK:
        return passes(NAME, "The way back is always open.")
    first = next_open(facts.windows, facts.handovers, at=now)
    if first is None:
        return fails(
            NAME,
            "No window opens within sixty days.",
            *map(_evidence, facts.windows),
            change="Change the window, or ask for an exception.",
        )
    opens_at, window = first
    if opens_at <= now:
        until = window.said(closes_at(window, facts.handovers, at=now))
        return passes(NAME, f"Open until {until}.", _evidence(window))
    return fails(
        NAME,
        _why(facts, now),
        *map(_evidence, facts.windows),
        change=f"It opens {window.said(opens_at)}.",
        opens_at=opens_at,
    )


def _why(facts: Facts, now: datetime) -> str:
    """A handover that holds it is told: the hours alone would let it through."""
    longest = max(window.handover for window in facts.windows)
    near = [at for at in facts.handovers if now < at <= now + longest]
    if longest > timedelta(0) and near and _open_without_handovers(facts, now):
        minutes = int((min(near) - now).total_seconds() // 60)
        return f"Whoever is on call hands over in {minutes} min."
    return "Outside the deployment window."


def _open_without_handovers(facts: Facts, now: datetime) -> bool:
    first = next_open(facts.windows, (), at=now)
    return first is not None and first[0] <= now


def _evidence(window: Window) -> Evidence:
    return Evidence(text=f"Window “{window.name}”, {window.zone.key}", href=_PAGE)
