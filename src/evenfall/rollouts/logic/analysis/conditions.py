"""Conditions on one value: a comparison and a number, `< 0.05` or `>= 99.9 %`. Nothing is run."""

import re
from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from math import inf, isfinite, isnan
from operator import eq, ge, gt, le, lt, ne
from typing import Final, override

from msgspec import Struct

from evenfall.rollouts.logic.analysis.findings import Finding, Lane, figure
from evenfall.rollouts.logic.verdicts import Outcome

_OPERATORS: Final[dict[str, Callable[[float, float], bool]]] = {
    "<=": le,
    ">=": ge,
    "==": eq,
    "!=": ne,
    "<": lt,
    ">": gt,
}
_FORM: Final = re.compile(
    r"\s*(<=|>=|==|!=|<|>)\s*([+-]?(?:\d{1,18}(?:\.\d{0,18})?|\.\d{1,18})(?:e[+-]?\d{1,3})?)\s*(%?)\s*",
    re.ASCII | re.IGNORECASE,
)


class ConditionError(ValueError):
    """The text is not a comparison and a number."""


class Phase(StrEnum):
    """What one measurement was; the values are stored.

    UNCLEAR: neither a success nor a failure; NO_VALUE: nothing came back; ERROR: it could not be
    taken. Argo calls the first two inconclusive.
    """

    SUCCESSFUL = "successful"
    FAILED = "failed"
    UNCLEAR = "unclear"
    NO_VALUE = "no_value"
    ERROR = "error"


class Condition(Struct, frozen=True):
    operator: str
    number: float

    def holds(self, value: float) -> bool:
        return _OPERATORS[self.operator](value, self.number)

    @override
    def __str__(self) -> str:
        return f"{self.operator} {self.number!r}".removesuffix(".0")


def read(text: str) -> Condition | None:
    """Read `< 0.05`; None for an empty text; raises ConditionError. `5 %` is 0.05."""
    if not text.strip():
        return None
    found = _FORM.fullmatch(text)
    number = float(Decimal(found[2]) / (100 if found[3] else 1)) if found else inf
    if found is None or not isfinite(number):
        raise ConditionError(text)
    return Condition(found[1], number)


class Conditions(Struct, frozen=True, kw_only=True):
    """`success` and `failure`; either may be missing. A failure wins where both hold."""

    success: Condition | None = None
    failure: Condition | None = None


def measured(value: float | None, conditions: Conditions, *, problem: str = "") -> Phase:
    """What a measurement was. No value (None, NaN) is inconclusive, never good."""
    if problem:
        return Phase.ERROR
    if value is None or isnan(value):
        return Phase.NO_VALUE
    if conditions.failure is not None and conditions.failure.holds(value):
        return Phase.FAILED
    if conditions.success is None or conditions.success.holds(value):
        return Phase.SUCCESSFUL
    return Phase.FAILED if conditions.failure is None else Phase.UNCLEAR


_OUTCOMES: Final = {
    Phase.SUCCESSFUL: Outcome.PASS,
    Phase.FAILED: Outcome.FAIL,
    Phase.UNCLEAR: Outcome.INCONCLUSIVE,
    Phase.NO_VALUE: Outcome.NO_DATA,
    Phase.ERROR: Outcome.NO_DATA,
}


def told(value: float | None, conditions: Conditions, *, problem: str = "") -> Finding:
    """One measurement as a finding."""
    phase = measured(value, conditions, problem=problem)
    known = value is not None and isfinite(value)
    return Finding(
        lane=Lane.CONDITION,
        outcome=_OUTCOMES[phase],
        reason=problem or _reason(value, phase),
        what_would_change=_change(conditions),
        numbers={"value": value} if known and value is not None else {},
    )


def _reason(value: float | None, phase: Phase) -> str:
    if value is None or isnan(value):
        return "There was no value."
    words = {
        Phase.SUCCESSFUL: "as it should be",
        Phase.FAILED: "which it should not be",
        Phase.UNCLEAR: "which is neither a success nor a failure",
    }
    return f"The value was {figure(value)}, {words[phase]}."


def _change(conditions: Conditions) -> str:
    parts = [
        f"{condition} {what}"
        for condition, what in ((conditions.success, "succeeds"), (conditions.failure, "fails"))
        if condition is not None
    ]
    return f"A value {', a value '.join(parts)}." if parts else "Any value succeeds."
