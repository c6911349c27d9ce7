"""What happens with an alert that nothing holds: as its rule says, else as the defaults do."""

from evenfall.alerting.logic.candidate import Candidate, Context
from evenfall.alerting.logic.rules import (
    Default,
    default_outcome,
    default_urgency,
    instead_of_repair,
    not_waking,
)
from evenfall.alerting.logic.updates import Outcome, Urgency


def wanted(candidate: Candidate, context: Context) -> tuple[Outcome, Urgency, str]:
    """What happens when nothing holds it; outside of production nobody is woken for anything."""
    found = not_waking(
        _asked_for(candidate, context), candidate.environment, at=candidate.at, zone=context.zone
    )
    return found.outcome, found.urgency, found.reason


def _asked_for(candidate: Candidate, context: Context) -> Default:
    effects = candidate.effects
    if effects.outcome is None:
        default = default_outcome(
            candidate.severity, candidate.environment, at=candidate.at, zone=context.zone
        )
        return Default(default.outcome, effects.urgency or default.urgency, default.reason)
    if effects.outcome is Outcome.AUTOMATE:
        return _automate(candidate, context)
    urgency = effects.urgency or default_urgency(effects.outcome)
    reason = f'the rule "{candidate.rule_name}" says {effects.outcome}'
    return Default(effects.outcome, urgency, reason)


def _automate(candidate: Candidate, context: Context) -> Default:
    """A repair, as long as one may help; afterwards what the rule says, else people are called."""
    rule, effects = f'the rule "{candidate.rule_name}"', candidate.effects
    failed = candidate.repair_failed
    if not failed and effects.runbook_id is None:
        failed = "it names no runbook"
    if not failed:
        reason = f"{rule} says automate: its runbook is started"
        return Default(Outcome.AUTOMATE, Urgency.LOW, reason)
    if effects.fallback is not None:
        outcome = Outcome(effects.fallback.value)
        urgency = effects.urgency or default_urgency(outcome)
        reason = f"{rule} says automate, but {failed}: then it says {outcome}"
        return Default(outcome, urgency, reason)
    default = instead_of_repair(candidate.environment, at=candidate.at, zone=context.zone)
    urgency = effects.urgency or default.urgency
    return Default(
        default.outcome, urgency, f"{rule} says automate, but {failed}: {default.reason}"
    )
