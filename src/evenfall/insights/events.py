"""Facts about proposals."""

from typing import Any, ClassVar, override

from msgspec import field

from evenfall.platform.events import Event


class ProposalEvent(Event, frozen=True, kw_only=True):
    """Root of the facts about one proposal; `name` is that of the problem it is about."""

    proposal_id: int
    what: str
    name: str
    service_id: int | None = None

    @override
    def subjects(self) -> tuple[str, ...]:
        mine = f"proposal:{self.proposal_id}"
        return (mine,) if self.service_id is None else (mine, f"service:{self.service_id}")


class ProposalApplied(ProposalEvent, frozen=True, kw_only=True):
    """A person had the change made; `made` names what was made."""

    kind: ClassVar[str] = "insights.proposal_applied"
    made: dict[str, Any] = field(default_factory=dict)


class ProposalUndone(ProposalEvent, frozen=True, kw_only=True):
    """What was made is gone again; not `was_there` when somebody had taken it away before."""

    kind: ClassVar[str] = "insights.proposal_undone"
    was_there: bool = True


class ProposalDismissed(ProposalEvent, frozen=True, kw_only=True):
    """Somebody does not want it, until that day (ISO 8601)."""

    kind: ClassVar[str] = "insights.proposal_dismissed"
    reason: str
    until: str
