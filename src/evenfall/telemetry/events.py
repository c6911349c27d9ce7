"""Facts of telemetry."""

from collections.abc import Mapping
from typing import Any, ClassVar, override

from msgspec import field

from evenfall.platform.events import Event


class SourceChanged(Event, frozen=True, kw_only=True):
    """A metric source was added, changed or removed (`what`); credentials are never in it."""

    kind: ClassVar[str] = "telemetry.source_changed"
    source_id: int
    name: str
    what: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"source:{self.source_id}", "sources")
