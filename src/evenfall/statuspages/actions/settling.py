"""The end of a prepared post, whatever ends it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from evenfall.notifications import actions as notifications_actions
from evenfall.platform.events import publish
from evenfall.statuspages import events
from evenfall.statuspages.logic.words import Settled
from evenfall.statuspages.models import Prepared


def subject(row: Prepared) -> str:
    """How notices name it."""
    return f"prepared_post:{row.pk}"


def about(row: Prepared) -> dict[str, Any]:
    """What every fact about it has; reads the title of its page."""
    return {
        "status_page_id": row.page_id,
        "prepared_id": row.pk,
        "page": row.page.title,
        "title": row.title,
        "incident_id": row.incident_id,
    }


def settle(
    rows: Sequence[Prepared], how: Settled, *, reason: str = "", now: datetime, actor: str
) -> None:
    """Let these wait no more, and take back what nobody was told of them yet.

    In the transaction of the caller, which has locked their pages.
    """
    for row in rows:
        row.settled_at, row.settled_by = now, actor
        row.settled_how, row.reason = how.value, reason
    names = ["settled_at", "settled_by", "settled_how", "reason", "post"]
    Prepared.objects.bulk_update(rows, names)
    notifications_actions.cancel_notices(
        subjects=[subject(row) for row in rows], reason=f"{how.label}.", now=now
    )
    why = f"{how.label}: {reason}" if reason else f"{how.label}."
    publish(
        *(
            events.PreparedSettled(
                **about(row), how=how.value, why=why, post_id=row.post_id, at=now, actor=actor
            )
            for row in rows
        )
    )


def posted_by_hand(
    page_id: int, incident_id: int, *, post_id: int, now: datetime, actor: str
) -> None:
    """Somebody told readers without it. The caller has locked the page."""
    rows = Prepared.objects.select_related("page").filter(page_id=page_id, settled_at=None)
    found = list(rows.filter(incident_id=incident_id))
    for row in found:
        row.post_id = post_id
    if found:
        settle(found, Settled.BY_HAND, now=now, actor=actor)
