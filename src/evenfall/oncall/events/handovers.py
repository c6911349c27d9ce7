"""Facts of hand-overs: notes left, and how people want to be told."""

from typing import Any, override

from evenfall.oncall.events.rotas import AboutRota
from evenfall.platform.events import Event


class HandoverNoteWritten(AboutRota, frozen=True, kw_only=True):
    """Somebody left a note for the next one, or rewrote it; an empty text takes it back."""

    kind = "oncall.handover_note_written"


class NoticeWishChanged(Event, frozen=True, kw_only=True):
    """Somebody wants to be told of shifts earlier or later, or other summaries."""

    kind = "oncall.notice_wish_changed"
    user_id: int
    before: dict[str, Any]
    after: dict[str, Any]

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"user:{self.user_id}", "people")
