"""Facts of the ledger."""

from collections.abc import Mapping
from typing import Any, override

from msgspec import field

from evenfall.platform.events import Event


class ChangeEvent(Event, frozen=True, kw_only=True):
    """Root of the facts about one change."""

    change_id: int
    service_id: int | None
    summary: str

    @override
    def subjects(self) -> tuple[str, ...]:
        about = () if self.service_id is None else (f"service:{self.service_id}",)
        return (f"change:{self.change_id}", *about, "changes")


class ChangeRecorded(ChangeEvent, frozen=True, kw_only=True):
    """Something changed at `took_effect_at`; `at` is when we heard of it."""

    kind = "changes.change_recorded"
    change_kind: str
    environment: str
    took_effect_at: str
    """ISO 8601 with zone."""
    state: str = "finished"


class DeployMoved(ChangeEvent, frozen=True, kw_only=True):
    """A deploy that had started finished or failed, or one that had failed finished after all."""

    kind = "changes.deploy_moved"
    before: str
    after: str


class DeployUndone(ChangeEvent, frozen=True, kw_only=True):
    """It was rolled back: what ran before it runs again."""

    kind = "changes.deploy_undone"


class HarmSaid(ChangeEvent, frozen=True, kw_only=True):
    """People say that it caused an incident; `withdrawn`: they took that back.

    `caused` is the subject of what it caused, for whom it is private.
    """

    kind = "changes.harm_said"
    withdrawn: bool = False
    caused: str = ""

    @override
    def subjects(self) -> tuple[str, ...]:
        return (*super().subjects(), self.caused) if self.caused else super().subjects()


class ChangeSourceChanged(Event, frozen=True, kw_only=True):
    """Somebody made or changed a source of changes; `what` is a verb in the past tense."""

    kind = "changes.source_changed"
    source_id: int
    name: str
    what: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"change_source:{self.source_id}", "change_sources")
