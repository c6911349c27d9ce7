"""Facts of what senders send, and of when nothing could be received."""

from dataclasses import dataclass
from datetime import datetime
from typing import override

from evenfall.platform.events import Event


@dataclass(frozen=True, kw_only=True)
class SignalsIgnored(Event):
    """Messages that changed nothing: `reasons` maps each reason to how many had it."""

    kind = "alerting.signals_ignored"
    integration_id: int
    reasons: dict[str, int]
    examples: tuple[str, ...] = ()

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"integration:{self.integration_id}",)


@dataclass(frozen=True, kw_only=True)
class IntakeInterrupted(Event):
    """Nothing could be received for `seconds`: alerts that wait for a repeat wait that longer."""

    kind = "alerting.intake_interrupted"
    since: datetime
    seconds: int

    @override
    def subjects(self) -> tuple[str, ...]:
        return ("intake",)


@dataclass(frozen=True, kw_only=True)
class UnknownKeysBegan(Event):
    """After a quiet day somebody sends with a key nobody has; `ends_with` may be empty."""

    kind = "alerting.unknown_keys_began"
    ends_with: str

    @override
    def subjects(self) -> tuple[str, ...]:
        return ("intake", "integrations")
