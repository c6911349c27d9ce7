"""All gates, in the order in which people read them.

Each asks one question of the facts and answers pass, fail or unknown, with evidence and with what
would change the answer.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from msgspec import Struct

from evenfall.releases.logic.answers import GateResult, Signed, excepted
from evenfall.releases.logic.facts import Facts
from evenfall.releases.logic.gates import (
    approvals,
    budget,
    checklist,
    dependencies,
    freeze,
    incident,
    on_call,
    previous_stage,
    quality,
    rollback,
    stop,
    window,
)

type Ask = Callable[[Facts, datetime], GateResult]


class Gate(Struct, frozen=True):
    """A gate: its name in rules and the API, its title and what it asks on pages."""

    name: str
    title: str
    question: str
    ask: Ask


GATES = (
    Gate(stop.NAME, "Stop button", "Did nobody stop everything?", stop.ask),
    Gate(freeze.NAME, "Freeze", "Is no freeze in force?", freeze.ask),
    Gate(window.NAME, "Deployment window", "Are deploys open now?", window.ask),
    Gate(
        previous_stage.NAME,
        "Stage before",
        "Does it run in the stage before?",
        previous_stage.ask,
    ),
    Gate(dependencies.NAME, "Dependencies", "Does what it needs run there?", dependencies.ask),
    Gate(incident.NAME, "Incidents", "Are it and what it needs without an incident?", incident.ask),
    Gate(budget.NAME, "Error budget", "Is there error budget left?", budget.ask),
    Gate(quality.NAME, "Quality", "Are the results of the pipelines good and fresh?", quality.ask),
    Gate(checklist.NAME, "Checklist", "Is everything done?", checklist.ask),
    Gate(approvals.NAME, "Sign-off", "Did enough teams say yes?", approvals.ask),
    Gate(rollback.NAME, "Way back", "Is there a proven way back?", rollback.ask),
    Gate(on_call.NAME, "On call", "Is somebody on call and within reach?", on_call.ask),
)
TITLES = {gate.name: gate.title for gate in GATES}


def ask_all(facts: Facts, signed: Sequence[Signed] = (), *, now: datetime) -> list[GateResult]:
    """The answers of the gates that the stage has, with exceptions named where they count."""
    asked = [gate.ask(facts, now) for gate in GATES if gate.name in facts.rules.gates]
    return excepted(asked, signed, now=now)
