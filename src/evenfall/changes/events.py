"""Facts of the ledger."""

from dataclasses import dataclass
from typing import override

from evenfall.platform.events import Event


@dataclass(frozen=True, kw_only=True)
class ChangeRecorded(Event):
    """Something changed at `took_effect_at`; `at` is when we heard of it."""

    kind = "changes.change_recorded"
    change_id: int
    service_id: int | None
    summary: str
    change_kind: str
    environment: str
    took_effect_at: str
    """ISO 8601 with zone."""

    @override
    def subjects(self) -> tuple[str, ...]:
        about = () if self.service_id is None else (f"service:{self.service_id}",)
        return (f"change:{self.change_id}", *about, "changes")
