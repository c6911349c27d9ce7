"""Is there a way back that was proven?"""

from datetime import datetime

from evenfall.releases.logic.answers import Evidence, GateResult, fails, passes, unknown
from evenfall.releases.logic.facts import Facts
from evenfall.releases.logic.words import Kind

NAME = "rollback"


def ask(facts: Facts, _now: datetime) -> GateResult:
    if facts.kind is Kind.ROLLBACK:
        return passes(NAME, "It is the way back.")
    if not facts.rollback_plan:
        return fails(NAME, "Nobody said how to get back.", change="Write the way back.")
    plan = Evidence(text=f"The plan: {facts.rollback_plan[:200]}")
    if facts.is_irreversible:
        return _one_way(facts, plan)
    if not facts.running:
        return passes(NAME, "It is the first version here, and there is a plan.", plan)
    before = Evidence(text=f"{facts.running} runs here now")
    if not facts.running_is_proven:
        return unknown(
            NAME,
            f"The way back goes to {facts.running}, which is not proven yet.",
            plan,
            before,
            change=f"Wait until the watch of {facts.running} is over.",
        )
    return passes(NAME, f"The way back goes to {facts.running}, which is proven.", plan, before)


def _one_way(facts: Facts, plan: Evidence) -> GateResult:
    why = "There is no way back: what it migrates cannot be undone."
    if not facts.rules.irreversible_needs_exception:
        return passes(NAME, f"{why} The stage allows it with a plan.", plan)
    return fails(
        NAME, why, plan, change="Make the migration reversible, or let somebody sign an exception."
    )
