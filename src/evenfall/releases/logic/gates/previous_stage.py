"""Did it go through the stage before?"""

from datetime import datetime

from evenfall.releases.logic.answers import GateResult, fails, passes
from evenfall.releases.logic.facts import Facts
from evenfall.releases.logic.states import State
from evenfall.releases.logic.words import Kind

NAME = "previous_stage"


def ask(facts: Facts, _now: datetime) -> GateResult:
    if not facts.previous_stage:
        return passes(NAME, "This is the first stage.")
    if facts.kind is Kind.ROLLBACK:
        return passes(NAME, "It ran here before.")
    if facts.previous_state is State.PROVEN:
        return passes(NAME, f"It is proven in {facts.previous_stage}.")
    if facts.previous_state is not State.DEPLOYED:
        return fails(
            NAME,
            f"It does not run in {facts.previous_stage}.",
            change=f"Deploy {facts.version} to {facts.previous_stage} first.",
        )
    if facts.rules.previous_proven:
        return fails(
            NAME,
            f"It runs in {facts.previous_stage}, but its watch is not over.",
            change=f"Wait until it is proven in {facts.previous_stage}.",
        )
    return passes(NAME, f"It runs in {facts.previous_stage}.")
