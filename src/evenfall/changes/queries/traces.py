"""What changed near many moments, narrow: for whoever rates changes by the thousand."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

_TRACES = """
SELECT wanted.place, near.* FROM unnest(%s::bigint[], %s::timestamptz[])
       WITH ORDINALITY AS wanted (service_id, before, place)
 CROSS JOIN LATERAL (SELECT id, kind, service_id, environment, at, finished_at
                       FROM changes_change
                      WHERE service_id = wanted.service_id AND at <= wanted.before
                        AND at >= wanted.before - %s::interval
                      ORDER BY at DESC, id DESC LIMIT %s) AS near
"""


class Trace(NamedTuple):
    """A change as far as suspicion goes; `kind` is a word of `ChangeKind`."""

    id: int
    kind: str
    service_id: int
    environment: str
    at: datetime
    finished_at: datetime | None


def traces_before(
    moments: Sequence[tuple[int, datetime]], *, within: timedelta, each: int
) -> list[list[Trace]]:
    """What changed at a service in the time before an instant, both ends included, by moment.

    Newest first, at most `each` of them. One statement, none without a moment.
    """
    found: list[list[Trace]] = [[] for _ in moments]
    if not moments:
        return found
    services, before = zip(*moments, strict=True)
    with connection.cursor() as cursor:
        told: list[Any] = [list(services), list(before), within, each]
        cursor.execute(_TRACES, told)
        for place, *row in cursor.fetchall():
            found[place - 1].append(Trace._make(row))
    return found
