"""Rows of those who may see a private incident."""

from collections.abc import Iterable
from datetime import datetime

from evenfall.incidents.models import Incident, Insider


def name_insiders(incident: Incident, user_ids: Iterable[int | None], *, at: datetime) -> None:
    """Let these people see it; nothing happens for one that everybody sees."""
    if not incident.is_private:
        return
    rows = [
        Insider(incident=incident, user_id=number, added_at=at)
        for number in dict.fromkeys(user_ids)
        if number is not None
    ]
    Insider.objects.bulk_create(rows, ignore_conflicts=True)
