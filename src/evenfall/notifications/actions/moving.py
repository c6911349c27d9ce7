"""Write many notices in one statement: new ones, and what became of others."""

from collections.abc import Sequence
from typing import Final

from django.db import connection

from evenfall.notifications.models import Notice
from evenfall.platform.recordset import json_rows

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


_NEW_COLUMNS: Final = {
    "user_id": "bigint",
    "contact_method_id": "bigint",
    "fallback_for_id": "bigint",
    "subject": "text",
    "purpose": "text",
    "kind": "text",
    "urgency": "text",
    "address": "text",
    "content": "jsonb",
    "state": "text",
    "reason": "text",
    "attempts": "smallint",
    "provider_id": "text",
    "planned_at": "timestamptz",
    "first_due_at": "timestamptz",
    "due_at": "timestamptz",
    "finished_at": "timestamptz",
}
_INSERT: Final = f"""
INSERT INTO notifications_notice ({", ".join(_NEW_COLUMNS)})
SELECT {", ".join(_NEW_COLUMNS)}
  FROM jsonb_to_recordset(%s::jsonb)
       AS fresh ({", ".join(f"{name} {kind}" for name, kind in _NEW_COLUMNS.items())})
RETURNING id
"""  # noqa: S608 - the names are the literals above


def insert_notices(rows: Sequence[Notice]) -> None:
    """Insert new notices, and give them their ids."""
    if not rows:
        return
    told = [{name: getattr(row, name) for name in _NEW_COLUMNS} for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [json_rows(told)])
        # rows go in, and draw their numbers, in the order of the text
        for row, number in zip(rows, sorted(i for (i,) in cursor.fetchall()), strict=True):
            row.id = number


def save_moves(rows: Sequence[Notice]) -> None:
    """Write the columns that a move may change. The rows must be locked by this transaction."""
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(_SAVE, [[getattr(row, name) for row in rows] for name in _COLUMNS])
