"""Is somebody on call while it is watched, awake and within reach?"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from evenfall.platform.wall_clock import reading
from evenfall.releases.logic.answers import Evidence, GateResult, fails, passes, unknown
from evenfall.releases.logic.facts import DutyFact, Facts
from evenfall.releases.logic.words import Kind

NAME = "on_call"


def ask(facts: Facts, now: datetime) -> GateResult:
    """One person who fits is enough; a duty must last as long as the version is watched."""
    if facts.duties is None:
        return unknown(NAME, "The rotas could not be read.", change="Ask again.")
    if facts.kind is Kind.ROLLBACK:
        return passes(NAME, "The way back waits for nobody.")
    if not facts.duties:
        return fails(NAME, "Nobody is on call for it.", change="Put somebody on call for its team.")
    judged = [(duty, _trouble(facts, duty, now)) for duty in facts.duties]
    shown = [_evidence(duty, trouble) for duty, trouble in judged]
    good = [duty for duty, trouble in judged if not trouble]
    if good:
        return passes(NAME, f"{good[0].person} is on call and can be reached.", *shown)
    return fails(NAME, f"{judged[0][1]}.", *shown, change=_change(facts))


def _trouble(facts: Facts, duty: DutyFact, now: datetime) -> str:
    """What is wrong with relying on this person; "" for nothing."""
    if duty.flaw:
        return f"{duty.person} would not be reached: {duty.flaw}"
    if duty.ends_at < now + timedelta(minutes=facts.rules.watch_minutes):
        return f"The duty of {duty.person} ends before the watch does"
    if facts.rules.awake is not None and not _is_awake(facts.rules.awake, duty.zone, now):
        local = reading(now, ZoneInfo(duty.zone))
        return f"It is {local:%H:%M} for {duty.person}"
    return ""


def _is_awake(awake: tuple[int, int], zone: str, now: datetime) -> bool:
    wall = reading(now, ZoneInfo(zone))
    return awake[0] <= wall.hour * 60 + wall.minute < awake[1]


def _change(facts: Facts) -> str:
    hours = facts.rules.awake
    if hours is None:
        return "Somebody else takes the pager, or mends how they are reached."
    said = " to ".join(f"{minute // 60:02}:{minute % 60:02}" for minute in hours)
    return f"Wait until it is between {said} for whoever is on call."


def _evidence(duty: DutyFact, trouble: str) -> Evidence:
    until = f"{duty.ends_at:%Y-%m-%d %H:%M} UTC"
    return Evidence(text=trouble or f"{duty.person} by {duty.rota} until {until}", href="/oncall/")
