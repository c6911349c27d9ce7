"""Makes visible that somebody sends with a key nobody has: perhaps their alerts are lost."""

from datetime import datetime

from django.db import connection, transaction

from evenfall.alerting.events import UnknownKeysBegan
from evenfall.alerting.queries.intake import REMEMBERED, UNKNOWN_KEYS
from evenfall.platform.events import publish

_NOTE = """
INSERT INTO platform_beat (name, at, detail)
VALUES (%(name)s, %(last)s, jsonb_build_object(
    'count', %(count)s::bigint, 'since', %(first)s::text, 'ends_with', %(ends_with)s::text))
ON CONFLICT (name) DO UPDATE SET
    at = greatest(platform_beat.at, excluded.at),
    detail = CASE
        WHEN excluded.at - platform_beat.at > make_interval(secs => %(remembered_s)s)
        THEN excluded.detail
        ELSE excluded.detail || jsonb_build_object(
            'count', (platform_beat.detail ->> 'count')::bigint + %(count)s,
            'since', platform_beat.detail -> 'since') END
RETURNING detail ->> 'since' = %(first)s
"""


@transaction.atomic
def note_unknown_keys(*, count: int, first_at: datetime, last_at: datetime, ends_with: str) -> bool:
    """Add refused requests to those noted; return whether a new story begins with them.

    Only a beginning is published: somebody who guesses keys must not fill the journal. Any number
    of front doors may note at the same time; they meet at one row.
    """
    shown = ends_with if ends_with.isascii() and ends_with.isalnum() else ""
    with connection.cursor() as cursor:
        cursor.execute(
            _NOTE,
            {
                "name": UNKNOWN_KEYS,
                "last": last_at,
                "first": first_at.isoformat(),
                "count": count,
                "ends_with": shown,
                "remembered_s": REMEMBERED.total_seconds(),
            },
        )
        (began,) = cursor.fetchone()
    if began:
        publish(UnknownKeysBegan(at=first_at, ends_with=shown))
    return bool(began)
