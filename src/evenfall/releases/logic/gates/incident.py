"""Is it, or something that it cannot do without, in trouble right now?"""

from datetime import datetime

from evenfall.releases.logic.answers import Evidence, GateResult, fails, passes, unknown
from evenfall.releases.logic.facts import Facts, IncidentFact
from evenfall.releases.logic.words import Kind

NAME = "incident"


def ask(facts: Facts, _now: datetime) -> GateResult:
    """What mends an incident is not held by it; less bad ones than the stage asks for count not."""
    if facts.incidents is None:
        return unknown(NAME, "Incidents could not be read.", change="Ask again.")
    bad = [one for one in facts.incidents if one.severity <= facts.rules.worst_severity]
    holding = [one for one in bad if one.id != facts.fixes_incident_id]
    shown = [_evidence(one) for one in bad]
    if facts.kind is Kind.ROLLBACK:
        return passes(NAME, "The way back is open while there are incidents.", *shown)
    if holding:
        about = "it" if holding[0].is_own else f"{holding[0].service}, which it needs,"
        return fails(
            NAME,
            f"There is an open incident: {about} is in trouble.",
            *shown,
            change="Resolve the incident, or name it as what this release mends.",
        )
    if bad:
        return passes(NAME, "The only open incident is the one that it mends.", *shown)
    return passes(NAME, "No open incident on it or on what it needs.")


def _evidence(one: IncidentFact) -> Evidence:
    """Of a private one not even the number is told: everybody gets the same answer."""
    if not one.title:
        return Evidence(text=f"SEV{one.severity} a private incident ({one.service})")
    text = f"SEV{one.severity} #{one.id} {one.title} ({one.service})"
    return Evidence(text=text, href=f"/incidents/{one.id}/")
