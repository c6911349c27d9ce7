"""Is it a time in which nothing goes out?"""

from datetime import datetime

from evenfall.releases.logic.answers import Evidence, GateResult, fails, passes
from evenfall.releases.logic.facts import Facts, FreezeFact

NAME = "freeze"


def ask(facts: Facts, now: datetime) -> GateResult:
    frozen = [one for one in facts.freezes if one.starts_at <= now < one.ends_at]
    holding = [one for one in frozen if facts.kind not in one.exempt]
    shown = [_evidence(one) for one in holding or frozen]
    if not frozen:
        return passes(NAME, "No freeze is in force.")
    if not holding:
        return passes(NAME, f"A freeze is in force, {facts.kind.value} releases pass it.", *shown)
    opens_at = max(one.ends_at for one in holding)
    return fails(
        NAME,
        f"Frozen: {holding[0].reason}",
        *shown,
        change=f"It ends {opens_at:%Y-%m-%d %H:%M} UTC. Before that an exception is needed.",
        opens_at=opens_at,
    )


def _evidence(one: FreezeFact) -> Evidence:
    until = f"{one.ends_at:%Y-%m-%d %H:%M} UTC"
    text = f"{one.scope} until {until}: {one.reason}"
    return Evidence(text=text, href="/releases/calendar/")
