"""Facts about public updates that need a second person."""

from dataclasses import dataclass
from typing import ClassVar, override

from evenfall.incidents.events.life import IncidentEvent
from evenfall.platform.events import Event


@dataclass(frozen=True, kw_only=True)
class ApprovalRulesChanged(Event):
    """Public updates of these severities need a second person from now on."""

    kind: ClassVar[str] = "incidents.approval_rules_changed"
    before: tuple[str, ...]
    after: tuple[str, ...]

    @override
    def subjects(self) -> tuple[str, ...]:
        return ("hearing",)


@dataclass(frozen=True, kw_only=True)
class UpdateProposed(IncidentEvent):
    """What the public is to read waits for somebody to approve it; `text` is its beginning."""

    kind: ClassVar[str] = "incidents.update_proposed"
    proposed_id: int
    text: str


@dataclass(frozen=True, kw_only=True)
class ProposedDecided(IncidentEvent):
    """`decision`: approved (then `update_id` was told), sent_back, replaced or withdrawn."""

    kind: ClassVar[str] = "incidents.proposed_decided"
    proposed_id: int
    decision: str
    reason: str = ""
    update_id: int | None = None
