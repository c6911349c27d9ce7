"""Facts of the catalog. `before` and `after` hold the fields that changed."""

from dataclasses import dataclass, field
from typing import Any, override

from evenfall.platform.events import Event


@dataclass(frozen=True, kw_only=True)
class _AboutService(Event):
    service_id: int
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"service:{self.service_id}", "services")


@dataclass(frozen=True, kw_only=True)
class ServiceCreated(_AboutService):
    """There is a new service."""

    kind = "catalog.service_created"


@dataclass(frozen=True, kw_only=True)
class ServiceChanged(_AboutService):
    """What is said about a service changed."""

    kind = "catalog.service_changed"


@dataclass(frozen=True, kw_only=True)
class ServiceArchived(_AboutService):
    """The service is gone from lists and choices; its history stays."""

    kind = "catalog.service_archived"


@dataclass(frozen=True, kw_only=True)
class ServiceRestored(_AboutService):
    """An archived service is back."""

    kind = "catalog.service_restored"


@dataclass(frozen=True, kw_only=True)
class DependencyChanged(_AboutService):
    """The service needs another one (`before` empty), no longer (`after` empty), or otherwise."""

    kind = "catalog.dependency_changed"
    depends_on_id: int

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"service:{self.service_id}", f"service:{self.depends_on_id}", "services")
