"""Telling people something by whatever reaches them; pages have rules of their own."""

from collections.abc import Collection, Sequence
from datetime import datetime

from evenfall.notifications.actions.planning import plan_notices
from evenfall.notifications.ports import NewNotice, News
from evenfall.notifications.queries import reachable_kinds


def tell_people(
    *, news: Sequence[News], purpose: str, now: datetime, kinds: Collection[str] | None = None
) -> list[int]:
    """Plan a notice for each of these in each way that reaches its reader; returns their ids.

    `kinds` leaves the other ways out. The inbox is always there, whatever else a reader has.
    `purpose` is one word, as that of a notice. One query more than `plan_notices`.
    """
    if not news:
        return []
    ways = reachable_kinds({one.user_id for one in news})
    notices = [
        _notice(one, kind, purpose, now)
        for one in news
        for kind in sorted(ways[one.user_id])
        if kinds is None or kind in kinds
    ]
    return plan_notices(notices=notices, now=now)


def _notice(one: News, kind: str, purpose: str, now: datetime) -> NewNotice:
    return NewNotice(
        user_id=one.user_id,
        subject=one.subject,
        purpose=purpose,
        kind=kind,
        urgency=one.urgency.value,
        due_at=one.due_at or now,
        content=one.content,
    )
