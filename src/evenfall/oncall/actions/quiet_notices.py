"""Notices about shifts that make no sound at night."""

from collections.abc import Collection, Iterator
from datetime import datetime

from evenfall.notifications.ports import Content, NewNotice, Urgency
from evenfall.oncall.logic import handovers
from evenfall.oncall.logic.handovers import Reader

PURPOSE = "shift"


def quiet_notices(
    content: Content,
    *,
    user_id: int,
    rota_id: int,
    kinds: Collection[str],
    reader: Reader,
    now: datetime,
) -> Iterator[NewNotice]:
    """To the inbox and over every channel of the person; at night only the silent ones."""
    for kind in handovers.quiet_kinds(kinds, now, reader.zone):
        yield NewNotice(
            user_id=user_id,
            subject=f"rota:{rota_id}",
            purpose=PURPOSE,
            kind=kind,
            urgency=Urgency.LOW.value,
            due_at=now,
            content=content,
        )
