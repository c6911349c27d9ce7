"""Let what is due appear in people's inboxes: the row is what the inbox shows.

No provider has to be asked, so that one statement takes a notice from planned to delivered, and
none of the places of those who wait for a provider.
"""

from datetime import datetime
from typing import Final

from django.db import transaction

from evenfall.notifications.actions import facts
from evenfall.notifications.logic.states import NoticeState
from evenfall.notifications.models import Notice
from evenfall.notifications.queries import INBOX
from evenfall.platform.events import publish

AT_ONCE: Final = 1000

# What a crash of PostgreSQL loses here is done again: no need to wait for the disk. The literal
# 'planned' lets the partial index be used.
_FILL: Final = """
WITH due AS (
    SELECT id, set_config('synchronous_commit', 'off', true)
      FROM notifications_notice
     WHERE state = 'planned' AND kind = %(inbox)s AND due_at <= %(now)s
     ORDER BY due_at, id
     LIMIT %(at_once)s
       FOR UPDATE SKIP LOCKED
)
UPDATE notifications_notice AS notice
   SET state = %(delivered)s, reason = '', attempts = attempts + 1, handed_over_at = %(now)s,
       accepted_at = %(now)s, finished_at = %(now)s
  FROM due
 WHERE notice.id = due.id
RETURNING notice.id, user_id, subject, kind, purpose, urgency, state, attempts, provider_id
"""


def fill_inboxes(*, now: datetime) -> int:
    """Deliver the notices to inboxes that are due; returns how many, at most `AT_ONCE`.

    Races with others that do the same, and with who cancels: SKIP LOCKED.
    """
    with transaction.atomic():
        rows = list(
            Notice.objects.raw(
                _FILL,
                {
                    "inbox": INBOX,
                    "delivered": NoticeState.DELIVERED.value,
                    "now": now,
                    "at_once": AT_ONCE,
                },
            )
        )
        publish(*(facts.succeeded(row, now=now) for row in sorted(rows, key=lambda row: row.id)))
    return len(rows)
