"""Facts of what senders send, and of when nothing could be received."""

from datetime import datetime
from typing import override

from evenfall.platform.events import Event


class SignalsIgnored(Event, frozen=True, kw_only=True):
    """Messages that changed nothing: `reasons` maps each reason to how many had it."""

    kind = "alerting.signals_ignored"
    integration_id: int
    reasons: dict[str, int]
    examples: tuple[str, ...] = ()

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"integration:{self.integration_id}",)


class IntakeInterrupted(Event, frozen=True, kw_only=True):
    """Nothing could be received for `seconds`: alerts that wait for a repeat wait that longer."""

    kind = "alerting.intake_interrupted"
    since: datetime
    seconds: int

    @override
    def subjects(self) -> tuple[str, ...]:
        return ("intake",)


class UnknownKeysBegan(Event, frozen=True, kw_only=True):
    """After a quiet day somebody sends with a key nobody has; `ends_with` may be empty."""

    kind = "alerting.unknown_keys_began"
    ends_with: str

    @override
    def subjects(self) -> tuple[str, ...]:
        return ("intake", "integrations")
