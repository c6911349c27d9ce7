"""Facts about what people write into the timeline."""

from typing import ClassVar

from evenfall.incidents.events.life import IncidentEvent


class NoteAdded(IncidentEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "incidents.note_added"
    note_id: int
    text: str


class NoteCorrected(IncidentEvent, frozen=True, kw_only=True):
    """`text` is how it begins now; what it said before is kept with the note."""

    kind: ClassVar[str] = "incidents.note_corrected"
    note_id: int
    text: str


class NoteStruck(IncidentEvent, frozen=True, kw_only=True):
    """Somebody took a note back (or, with `withdrawn`, it stands again)."""

    kind: ClassVar[str] = "incidents.note_struck"
    note_id: int
    withdrawn: bool = False


class ImagesAttached(IncidentEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "incidents.note_images_attached"
    note_id: int
    image_ids: tuple[int, ...]
    count: int


class EntryPinned(IncidentEvent, frozen=True, kw_only=True):
    """An entry of the timeline matters (or, with `withdrawn`, it does not after all)."""

    kind: ClassVar[str] = "incidents.entry_pinned"
    entry: str
    withdrawn: bool = False


class EntryAnnotated(IncidentEvent, frozen=True, kw_only=True):
    """`text` is the remark that stands below the entry now, empty when it was taken away."""

    kind: ClassVar[str] = "incidents.entry_annotated"
    entry: str
    text: str


class MarkedNotActionable(IncidentEvent, frozen=True, kw_only=True):
    """Nobody should have been woken for this (or, with `withdrawn`, they should after all)."""

    kind: ClassVar[str] = "incidents.marked_not_actionable"
    withdrawn: bool = False
