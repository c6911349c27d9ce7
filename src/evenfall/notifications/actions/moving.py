"""Save what became of many notices in one statement."""

from collections.abc import Sequence
from typing import Final

from django.db import connection

from evenfall.notifications.models import Notice

_SAVE: Final = """
UPDATE notifications_notice AS notice
   SET state = moved.state, reason = moved.reason, provider_id = moved.provider_id,
       due_at = moved.due_at, lease_until = moved.lease_until, accepted_at = moved.accepted_at,
       finished_at = moved.finished_at
  FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::timestamptz[],
              %s::timestamptz[], %s::timestamptz[], %s::timestamptz[])
       AS moved (id, state, reason, provider_id, due_at, lease_until, accepted_at, finished_at)
 WHERE notice.id = moved.id
"""
_COLUMNS: Final = (
    "id",
    "state",
    "reason",
    "provider_id",
    "due_at",
    "lease_until",
    "accepted_at",
    "finished_at",
)


def save_moves(rows: Sequence[Notice]) -> None:
    """Write the columns that a move may change. The rows must be locked by this transaction."""
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(_SAVE, [[getattr(row, name) for row in rows] for name in _COLUMNS])
