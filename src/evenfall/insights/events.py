"""Facts about proposals."""

from dataclasses import dataclass, field
from typing import Any, ClassVar, override

from evenfall.platform.events import Event


@dataclass(frozen=True, kw_only=True)
class ProposalEvent(Event):
    """Root of the facts about one proposal; `name` is that of the problem it is about."""

    proposal_id: int
    what: str
    name: str
    service_id: int | None = None

    @override
    def subjects(self) -> tuple[str, ...]:
        mine = f"proposal:{self.proposal_id}"
        return (mine,) if self.service_id is None else (mine, f"service:{self.service_id}")


@dataclass(frozen=True, kw_only=True)
class ProposalApplied(ProposalEvent):
    """A person had the change made; `made` names what was made."""

    kind: ClassVar[str] = "insights.proposal_applied"
    made: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ProposalUndone(ProposalEvent):
    """What was made is gone again; not `was_there` when somebody had taken it away before."""

    kind: ClassVar[str] = "insights.proposal_undone"
    was_there: bool = True


@dataclass(frozen=True, kw_only=True)
class ProposalDismissed(ProposalEvent):
    """Somebody does not want it, until that day (ISO 8601)."""

    kind: ClassVar[str] = "insights.proposal_dismissed"
    reason: str
    until: str
