"""What an action can become, so that a machine keeps the promise after people forgot it."""

from enum import StrEnum
from typing import Final


class Guardrail(StrEnum):
    GATE = "gate"
    SLO = "slo"
    ALERT = "alert"
    EXPERIMENT = "experiment"
    DRILL = "drill"


LABELS: Final = {
    Guardrail.GATE: "A check of a gate",
    Guardrail.SLO: "A service level objective",
    Guardrail.ALERT: "An alert rule",
    Guardrail.EXPERIMENT: "An experiment",
    Guardrail.DRILL: "A restore drill",
}
