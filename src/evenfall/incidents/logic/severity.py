"""How bad an incident is, and whether somebody is woken for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from evenfall.alerting.ports import Outcome, Severity, Urgency

WORST_FIRST: Final = tuple(Severity)


@dataclass(frozen=True, slots=True)
class AlertState:
    """What an incident needs to know of one of its alerts."""

    severity: Severity
    is_open: bool


def worst(severities: Iterable[Severity]) -> Severity | None:
    """Return the worst of them, None when there is none."""
    return min(severities, key=WORST_FIRST.index, default=None)


def incident_severity(
    current: Severity, *, set_by_person: bool, alerts: Iterable[AlertState]
) -> Severity:
    """Return the worst severity of the open alerts.

    A person's word stands against any alert; with no open alert left the last one stands, so that
    a resolved incident still tells how bad it was.
    """
    if set_by_person:
        return current
    return worst(alert.severity for alert in alerts if alert.is_open) or current


def is_raised(before: Severity, after: Severity) -> bool:
    return WORST_FIRST.index(after) < WORST_FIRST.index(before)


def urgency_of(outcome: Outcome, urgency: Urgency) -> Urgency:
    """An alert that pages is urgent as its rule says; everything else can wait."""
    return urgency if outcome is Outcome.PAGE else Urgency.LOW


def higher(one: Urgency, other: Urgency) -> Urgency:
    return Urgency.HIGH if Urgency.HIGH in (one, other) else Urgency.LOW


def resolves_itself(*, declared_by_person: bool, alerts: Iterable[AlertState]) -> bool:
    """Say whether the incident is over because all its alerts are.

    What a person declared, a person ends: the alerts that joined may be only a part of it.
    """
    states = [alert.is_open for alert in alerts]
    return not declared_by_person and bool(states) and not any(states)
