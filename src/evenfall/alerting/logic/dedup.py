"""What one message means for the alert that is, or is not, already open."""

from enum import StrEnum

from msgspec import Struct

from evenfall.alerting.logic.states import AlertState, Move, after
from evenfall.alerting.logic.updates import Severity, UpdateAction

# A sender that does not say how bad it is must not be put aside: unknown is not good.
DEFAULT_SEVERITY = Severity.ERROR

_WORST_FIRST = tuple(Severity)


class Effect(StrEnum):
    OPEN = "open"
    REPEAT = "repeat"
    RAISE = "raise"
    ACKNOWLEDGE = "acknowledge"
    RESOLVE = "resolve"
    SETTLE = "settle"
    IGNORE = "ignore"


class Known(Struct, frozen=True):
    """The open alert of the same identity, as far as the decision needs it."""

    state: AlertState
    severity: Severity
    is_flapping: bool = False


class Verdict(Struct, frozen=True):
    effect: Effect
    reason: str


_OPENED = Verdict(Effect.OPEN, "No alert with this key was open.")
_REPEATED = Verdict(Effect.REPEAT, "The alert is already open: counted, nobody is paged twice.")
_ACKNOWLEDGED = Verdict(Effect.ACKNOWLEDGE, "The tool acknowledged it.")
_RESOLVED = Verdict(Effect.RESOLVE, "The tool says it is over.")
_SETTLES = Verdict(Effect.SETTLE, "It flaps: it is over once it has been quiet for a while.")
_NOT_AN_ALERT = Verdict(Effect.IGNORE, "A change is not an alert.")
_ALREADY = Verdict(Effect.IGNORE, "It was acknowledged before.")


def worse(one: Severity, other: Severity) -> bool:
    """Say whether `one` is worse than `other`."""
    return _WORST_FIRST.index(one) < _WORST_FIRST.index(other)


def judge(action: UpdateAction, severity: Severity | None, known: Known | None) -> Verdict:
    """Decide what a message does. `known` is None when no alert of this identity is open."""
    if action is UpdateAction.TRIGGER:
        return _trigger(severity, known)
    if action is UpdateAction.CHANGE:
        return _NOT_AN_ALERT
    if known is None:
        return Verdict(Effect.IGNORE, f"No open alert has this key: nothing to {action.value}.")
    if action is UpdateAction.RESOLVE:
        return _SETTLES if known.is_flapping else _RESOLVED
    return _ACKNOWLEDGED if after(known.state, Move.ACKNOWLEDGE) else _ALREADY


def _trigger(severity: Severity | None, known: Known | None) -> Verdict:
    if known is None:
        return _OPENED
    if severity is not None and worse(severity, known.severity):
        return Verdict(
            Effect.RAISE, f"Severity rose from {known.severity} to {severity}: decided again."
        )
    return _REPEATED
