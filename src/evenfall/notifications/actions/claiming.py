"""Reserve due notices for this process, and read them as they were reserved."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from django.db import connection
from django.db.models import F
from msgspec import Struct

from evenfall.notifications import errors
from evenfall.notifications.logic.retrying import Urgency
from evenfall.notifications.logic.states import NoticeState
from evenfall.notifications.models import ContactMethod, Notice
from evenfall.platform.database import planned_anew
from evenfall.platform.returned import Returned

CLAIM_LEASE: Final = timedelta(seconds=5)

type Rooms = Mapping[tuple[str, Urgency], int]
type Row = tuple[Any, ...]
"""The language of its reader, a notice and its way, as `_CLAIM` returns them."""


class Due(Struct, frozen=True, kw_only=True):
    """A notice that is to be sent, in the language of its reader."""

    notice: Notice
    language: str


# A claim that a crash of PostgreSQL loses was never seen by a provider: no need to wait for the
# disk. The literal 'planned', the only source of a claim in the table, lets the partial index be
# used.
_CLAIM: Final = """
WITH pool AS (
    SELECT kind, urgency, room, set_config('synchronous_commit', 'off', true)
      FROM unnest(%(kinds)s::text[], %(urgencies)s::text[], %(rooms)s::int[])
           AS pool (kind, urgency, room)
), picked AS (
    SELECT due.id, due.user_id, due.contact_method_id
      FROM pool CROSS JOIN LATERAL (
           SELECT id, user_id, contact_method_id FROM notifications_notice AS notice
            WHERE notice.state = 'planned'
              AND notice.kind = pool.kind
              AND notice.urgency = pool.urgency
              AND notice.due_at <= %(now)s
            ORDER BY notice.due_at, notice.id
            LIMIT pool.room
              FOR UPDATE SKIP LOCKED) AS due
)
UPDATE notifications_notice AS notice
   SET state = %(claimed)s, lease_until = %(lease_until)s
  FROM picked
  JOIN identity_user AS reader ON reader.id = picked.user_id
  LEFT JOIN notifications_contact_method AS method ON method.id = picked.contact_method_id
 WHERE notice.id = picked.id
RETURNING reader.language, {columns}
"""


def claim(open_rooms: Rooms, now: datetime) -> list[Row]:
    """Reserve at most as many notices as there is room for, in the caller's transaction.

    Locks their rows; those that another sender has locked are passed over.
    """
    values: dict[str, Any] = {
        "kinds": [kind for kind, _ in open_rooms],
        "urgencies": [urgency.value for _, urgency in open_rooms],
        "rooms": list(open_rooms.values()),
        "claimed": NoticeState.CLAIMED.value,
        "lease_until": now + CLAIM_LEASE,
        "now": now,
    }
    notice, method = _returned()
    statement = _CLAIM.format(columns=f"{notice.columns}, {method.columns}")
    with connection.cursor() as cursor, planned_anew():
        cursor.execute(statement, values)
        claimed: list[Row] = cursor.fetchall()
    return claimed


@cache
def _returned() -> tuple[Returned[Notice], Returned[ContactMethod]]:
    return Returned(Notice, "notice"), Returned(ContactMethod, "method")


def read(row: Row) -> Due:
    """What was claimed. Raises what its fields raise, such as for a lost key."""
    notices, methods = _returned()
    language, told, of_method = row[0], row[1 : 1 + len(notices)], row[1 + len(notices) :]
    notice = notices.read(told)
    notice.contact_method = None if notice.contact_method_id is None else methods.read(of_method)
    return Due(notice=notice, language=language)


def load(notice_id: int) -> Due:
    """Raises NoticeNotFound, and what its fields raise."""
    rows = Notice.objects.annotate(language=F("user__language")).select_related("contact_method")
    row = rows.filter(id=notice_id).first()
    if row is None:
        raise errors.NoticeNotFound(notice_id=notice_id)
    return Due(notice=row, language=row.language)
