"""Is there error budget left to spend on a change?"""

from datetime import datetime

from evenfall.releases.logic.answers import Evidence, GateResult, fails, passes, unknown
from evenfall.releases.logic.facts import BudgetFact, Facts
from evenfall.releases.logic.words import URGENT

NAME = "budget"
FROZEN, WARN, KNOWN = "FROZEN", "WARN", frozenset({"OK", "WARN", "FROZEN"})


def ask(facts: Facts, _now: datetime) -> GateResult:
    """A frozen budget holds features and fixes; security, P0 and rollback pass."""
    if facts.budgets is None:
        return unknown(NAME, "Error budgets could not be read.", change="Ask again.")
    if not facts.budgets:
        return passes(NAME, "It has no objective, so no budget.")
    shown = [_evidence(one) for one in facts.budgets]
    frozen = [one for one in facts.budgets if one.state == FROZEN]
    if frozen and facts.kind in URGENT:
        return passes(NAME, f"Frozen, but {facts.kind.value} releases pass.", *shown)
    if frozen:
        return fails(
            NAME,
            f"The error budget of {frozen[0].name} is used up.",
            *shown,
            change="Wait until the budget is back, or ask for an exception.",
        )
    return _not_frozen(facts, facts.budgets, shown)


def _not_frozen(facts: Facts, budgets: tuple[BudgetFact, ...], shown: list[Evidence]) -> GateResult:
    if facts.kind in URGENT:
        return passes(NAME, f"No budget holds {facts.kind.value} releases.", *shown)
    dark = [one.name for one in budgets if one.state not in KNOWN]
    if dark:
        return unknown(
            NAME,
            f"Nobody knows how much budget {dark[0]} has left.",
            *shown,
            change="Mend the measurement of the objective.",
        )
    if any(one.state == WARN for one in budgets):
        return passes(NAME, "There is little budget left.", *shown)
    return passes(NAME, "There is budget left.", *shown)


def _evidence(one: BudgetFact) -> Evidence:
    why = f" ({one.why})" if one.why else ""
    return Evidence(text=f"{one.name}: {one.state or 'unknown'}{why}", href=one.href)
