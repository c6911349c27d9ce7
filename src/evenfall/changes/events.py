"""Facts of the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, override

from evenfall.platform.events import Event


@dataclass(frozen=True, kw_only=True)
class ChangeEvent(Event):
    """Root of the facts about one change."""

    change_id: int
    service_id: int | None
    summary: str

    @override
    def subjects(self) -> tuple[str, ...]:
        about = () if self.service_id is None else (f"service:{self.service_id}",)
        return (f"change:{self.change_id}", *about, "changes")


@dataclass(frozen=True, kw_only=True)
class ChangeRecorded(ChangeEvent):
    """Something changed at `took_effect_at`; `at` is when we heard of it."""

    kind = "changes.change_recorded"
    change_kind: str
    environment: str
    took_effect_at: str
    """ISO 8601 with zone."""
    state: str = "finished"


@dataclass(frozen=True, kw_only=True)
class DeployMoved(ChangeEvent):
    """A deploy that had started finished or failed, or one that had failed finished after all."""

    kind = "changes.deploy_moved"
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class DeployUndone(ChangeEvent):
    """It was rolled back: what ran before it runs again."""

    kind = "changes.deploy_undone"


@dataclass(frozen=True, kw_only=True)
class HarmSaid(ChangeEvent):
    """People say that it caused an incident; `withdrawn`: they took that back.

    `caused` is the subject of what it caused, for whom it is private.
    """

    kind = "changes.harm_said"
    withdrawn: bool = False
    caused: str = ""

    @override
    def subjects(self) -> tuple[str, ...]:
        return (*super().subjects(), self.caused) if self.caused else super().subjects()


@dataclass(frozen=True, kw_only=True)
class ChangeSourceChanged(Event):
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
