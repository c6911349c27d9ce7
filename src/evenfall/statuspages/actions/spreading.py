"""From one bulletin to a delivery for each subscriber that it concerns: one statement each."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import F, Min

from evenfall.platform.wakeups import DrainResult, wake
from evenfall.statuspages.actions.announcing import REMINDER
from evenfall.statuspages.logic.words import WorkState
from evenfall.statuspages.models import Bulletin, Subscriber

DELIVER: Final = "statuspages.deliver"
KEPT_FOR: Final = timedelta(days=90)
AFTER_ITS_POST: Final = timedelta(days=7)
_AT_ONCE: Final = 20
# the rule is `logic.subscribing.concerns`; test_spreading.py holds the two together
_SPREAD: Final = """
INSERT INTO statuspages_delivery
       (subscriber_id, bulletin_id, errand, due_at, attempts, arrived, error)
SELECT who.id, %(bulletin)s, 'tell', %(now)s, 0, false, ''
  FROM statuspages_subscriber who
 WHERE who.page_id = %(page)s
   AND who.state = 'active'
   AND who.confirmed_at <= %(due_at)s
   AND CASE WHEN %(topic)s = 'incidents' THEN who.wants_incidents ELSE who.wants_works END
   AND CASE WHEN who.post_id IS NOT NULL THEN who.post_id IS NOT DISTINCT FROM %(post)s
       ELSE cardinality(%(components)s::bigint[]) = 0
         OR cardinality(who.component_ids) = 0
         OR who.component_ids && %(components)s::bigint[]
         OR (%(ends)s AND EXISTS (
                SELECT FROM statuspages_delivery heard
                  JOIN statuspages_bulletin before ON before.id = heard.bulletin_id
                 WHERE heard.subscriber_id = who.id
                   AND (before.post_id = %(post)s OR before.work_id = %(work)s)))
       END
 ORDER BY who.id
ON CONFLICT (subscriber_id, bulletin_id) DO NOTHING
"""


def spread_due(*, now: datetime) -> DrainResult:
    """Spread what there is to tell, in the order in which it was said.

    One process at a time (an advisory lock): so a subscriber's deliveries are in that order too.
    """
    done = 0
    with transaction.atomic():
        if _is_ours():
            waiting = Bulletin.objects.filter(spread_at=None, due_at__lte=now)
            for row in waiting.select_related("work").order_by("due_at", "id")[:_AT_ONCE]:
                _spread(row, now)
                done += 1
    ahead = Bulletin.objects.filter(spread_at=None, due_at__gt=now).aggregate(next=Min("due_at"))
    return DrainResult(done=done, next_due=ahead["next"])


def forget_old(*, now: datetime) -> DrainResult:
    """Erase those who never confirmed, whose one incident is over, and deliveries of long ago."""
    erased, _ = Subscriber.objects.filter(confirm_until__lte=now).delete()
    over = Subscriber.objects.filter(post__resolved_at__lte=now - AFTER_ITS_POST)
    erased += over.delete()[0]
    Bulletin.objects.filter(spread_at__lte=now - KEPT_FOR).delete()
    ahead = Subscriber.objects.aggregate(next=Min("confirm_until"))
    return DrainResult(done=0, next_due=ahead["next"])


def _is_ours() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('evenfall.statuspages.spread'))")
        found: bool = cursor.fetchone()[0]
    return found


def _spread(row: Bulletin, now: datetime) -> None:
    reached = 0 if _is_too_late(row, now) else _insert(row, now)
    Bulletin.objects.filter(id=row.pk).update(spread_at=now, reached=F("reached") + reached)
    if reached:
        wake(DELIVER)


def _is_too_late(row: Bulletin, now: datetime) -> bool:
    """A reminder of what has begun, or will not be, says something wrong."""
    if row.told != REMINDER or row.work is None:
        return False
    return row.work.state != WorkState.SCHEDULED.value or row.work.starts_at <= now


def _insert(row: Bulletin, now: datetime) -> int:
    about: dict[str, Any] = {
        "bulletin": row.pk,
        "page": row.page_id,
        "topic": row.topic,
        "post": row.post_id,
        "work": row.work_id,
        "components": row.component_ids,
        "ends": row.ends_story,
        "due_at": row.due_at,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SPREAD, about)
        reached: int = cursor.rowcount
    return reached
