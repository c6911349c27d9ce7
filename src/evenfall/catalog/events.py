"""Facts of the catalog. `before` and `after` hold the fields that changed."""

from typing import Any, override

from msgspec import field

from evenfall.platform.events import Event


class _AboutService(Event, frozen=True, kw_only=True):
    service_id: int
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"service:{self.service_id}", "services")


class ServiceCreated(_AboutService, frozen=True, kw_only=True):
    """There is a new service."""

    kind = "catalog.service_created"


class ServiceChanged(_AboutService, frozen=True, kw_only=True):
    """What is said about a service changed."""

    kind = "catalog.service_changed"


class ServiceArchived(_AboutService, frozen=True, kw_only=True):
    """The service is gone from lists and choices; its history stays."""

    kind = "catalog.service_archived"


class ServiceRestored(_AboutService, frozen=True, kw_only=True):
    """An archived service is back."""

    kind = "catalog.service_restored"


class DependencyChanged(_AboutService, frozen=True, kw_only=True):
    """The service needs another one (`before` empty), no longer (`after` empty), or otherwise."""

    kind = "catalog.dependency_changed"
    depends_on_id: int

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"service:{self.service_id}", f"service:{self.depends_on_id}", "services")
