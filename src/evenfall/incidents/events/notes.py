"""Facts about what people write into the timeline."""

from dataclasses import dataclass
from typing import ClassVar

from evenfall.incidents.events.life import IncidentEvent


@dataclass(frozen=True, kw_only=True)
class NoteAdded(IncidentEvent):
    kind: ClassVar[str] = "incidents.note_added"
    note_id: int
    text: str


@dataclass(frozen=True, kw_only=True)
class NoteCorrected(IncidentEvent):
    """`text` is how it begins now; what it said before is kept with the note."""

    kind: ClassVar[str] = "incidents.note_corrected"
    note_id: int
    text: str


@dataclass(frozen=True, kw_only=True)
class NoteStruck(IncidentEvent):
    """Somebody took a note back (or, with `withdrawn`, it stands again)."""

    kind: ClassVar[str] = "incidents.note_struck"
    note_id: int
    withdrawn: bool = False


@dataclass(frozen=True, kw_only=True)
class ImagesAttached(IncidentEvent):
    kind: ClassVar[str] = "incidents.note_images_attached"
    note_id: int
    image_ids: tuple[int, ...]
    count: int


@dataclass(frozen=True, kw_only=True)
class EntryPinned(IncidentEvent):
    """An entry of the timeline matters (or, with `withdrawn`, it does not after all)."""

    kind: ClassVar[str] = "incidents.entry_pinned"
    entry: str
    withdrawn: bool = False


@dataclass(frozen=True, kw_only=True)
class EntryAnnotated(IncidentEvent):
    """`text` is the remark that stands below the entry now, empty when it was taken away."""

    kind: ClassVar[str] = "incidents.entry_annotated"
    entry: str
    text: str


@dataclass(frozen=True, kw_only=True)
class MarkedNotActionable(IncidentEvent):
    """Nobody should have been woken for this (or, with `withdrawn`, they should after all)."""

    kind: ClassVar[str] = "incidents.marked_not_actionable"
    withdrawn: bool = False
