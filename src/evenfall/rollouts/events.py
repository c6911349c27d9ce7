"""Facts of rollouts. What is measured each second is no fact; what was decided from it is."""

from dataclasses import dataclass, field
from typing import Any, override

from evenfall.platform.events import Event


@dataclass(frozen=True, kw_only=True)
class AnalysisChanged(Event):
    """What is measured of a target's rollouts was changed; `name` is "" for the usual analysis.

    `before` and `after` have what differs; `after` is empty where it was removed.
    """

    kind = "rollouts.analysis_changed"
    target_id: int
    service_id: int
    name: str
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"target:{self.target_id}", f"service:{self.service_id}", "rollouts")
