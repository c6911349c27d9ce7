"""Is everything done that this stage calls done?"""

from datetime import datetime

from evenfall.releases.logic.answers import Evidence, GateResult, fails, passes, unknown
from evenfall.releases.logic.facts import Facts, TickFact
from evenfall.releases.logic.rules import Item

NAME = "checklist"


def ask(facts: Facts, _now: datetime) -> GateResult:
    """What a pipeline ticks is unknown until it has spoken; what a person ticks is not done."""
    items = facts.rules.checklist
    if not items:
        return passes(NAME, "This stage has no checklist.")
    shown = [_evidence(item, facts.ticks.get(item.key)) for item in items]
    silent = [item for item in items if item.check and item.key not in facts.ticks]
    undone = [item for item in items if not _is_done(facts, item) and item not in silent]
    done = len(items) - len(undone) - len(silent)
    if undone:
        return fails(
            NAME,
            f"{done} of {len(items)} are done.",
            *shown,
            change="Do and tick: " + "; ".join(item.text for item in undone) + ".",
        )
    if silent:
        return unknown(
            NAME,
            f"{done} of {len(items)} are done, pipelines said nothing about the others.",
            *shown,
            change="Report: " + ", ".join(item.check for item in silent) + ".",
        )
    return passes(NAME, f"All {len(items)} are done.", *shown)


def _is_done(facts: Facts, item: Item) -> bool:
    tick = facts.ticks.get(item.key)
    return tick is not None and tick.is_done


def _evidence(item: Item, tick: TickFact | None) -> Evidence:
    if tick is None:
        return Evidence(text=f"{item.text}: not yet")
    word = "done" if tick.is_done else "not done"
    more = f", {tick.text}" if tick.text else ""
    return Evidence(text=f"{item.text}: {word} by {tick.by}{more}", href=tick.link)
