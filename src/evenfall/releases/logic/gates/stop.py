"""Did somebody press the stop button?"""

from datetime import datetime

from evenfall.releases.logic.answers import Evidence, GateResult, fails, passes
from evenfall.releases.logic.facts import Facts
from evenfall.releases.logic.words import Kind

NAME = "stop"


def ask(facts: Facts, _now: datetime) -> GateResult:
    """A way back stays open: it is what people want while everything else stands."""
    pressed = [
        Evidence(text=f"{stop.by} stopped {stop.scope}: {stop.reason}", href="/releases/stop/")
        for stop in facts.stops
    ]
    if not pressed:
        return passes(NAME, "Nobody pressed the stop button.")
    if facts.kind is Kind.ROLLBACK:
        return passes(NAME, "Stopped, but the way back stays open.", *pressed)
    return fails(
        NAME,
        f"Everything is stopped for {facts.stops[0].scope}.",
        *pressed,
        change="Lift the stop, with a reason.",
    )
