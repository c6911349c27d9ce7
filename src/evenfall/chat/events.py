"""Facts about rooms."""

from typing import Any, ClassVar, override

from evenfall.platform.events import Event


class RoomChanged(Event, frozen=True, kw_only=True):
    """A room was added, changed, switched or removed; `{}` stands for nothing."""

    kind: ClassVar[str] = "chat.room_changed"
    room_id: int
    before: dict[str, Any]
    after: dict[str, Any]

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"room:{self.room_id}",)


class RoomUsed(Event, frozen=True, kw_only=True):
    """A test message arrived in a room, or did not (`error`)."""

    kind: ClassVar[str] = "chat.room_used"
    room_id: int
    error: str = ""

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"room:{self.room_id}",)


class IncidentPosted(Event, frozen=True, kw_only=True):
    """An incident is shown in a room from now on."""

    kind: ClassVar[str] = "chat.incident_posted"
    incident_id: int
    room_id: int
    room: str

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"incident:{self.incident_id}", f"room:{self.room_id}")


class IncidentRoomOpened(Event, frozen=True, kw_only=True):
    """An incident has a room of its own; `missing` could not be invited."""

    kind: ClassVar[str] = "chat.incident_room_opened"
    incident_id: int
    room_id: int
    room: str
    missing: tuple[str, ...] = ()

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"incident:{self.incident_id}", f"room:{self.room_id}")


class IncidentRoomFailed(Event, frozen=True, kw_only=True):
    """The tool did not open a room for the incident."""

    kind: ClassVar[str] = "chat.incident_room_failed"
    incident_id: int
    reason: str

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"incident:{self.incident_id}",)
