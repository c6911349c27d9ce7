"""Facts about public updates that need a second person."""

from typing import ClassVar, override

from evenfall.incidents.events.life import IncidentEvent
from evenfall.platform.events import Event


class ApprovalRulesChanged(Event, frozen=True, kw_only=True):
    """Public updates of these severities need a second person from now on."""

    kind: ClassVar[str] = "incidents.approval_rules_changed"
    before: tuple[str, ...]
    after: tuple[str, ...]

    @override
    def subjects(self) -> tuple[str, ...]:
        return ("hearing",)


class UpdateProposed(IncidentEvent, frozen=True, kw_only=True):
    """What the public is to read waits for somebody to approve it; `text` is its beginning."""

    kind: ClassVar[str] = "incidents.update_proposed"
    proposed_id: int
    text: str


class ProposedDecided(IncidentEvent, frozen=True, kw_only=True):
    """`decision`: approved (then `update_id` was told), sent_back, replaced or withdrawn."""

    kind: ClassVar[str] = "incidents.proposed_decided"
    proposed_id: int
    decision: str
    reason: str = ""
    update_id: int | None = None
