"""Whether anything is over or has begun, asked each second: nearly always the answer is no."""

from datetime import datetime
from typing import Final

from django.db import connection

from evenfall.alerting.logic import flapping

_ANYTHING: Final = """
SELECT EXISTS (SELECT FROM alerting_silence WHERE applied_at IS NULL AND starts_at <= %(now)s)
    OR EXISTS (SELECT FROM alerting_silence WHERE released_at IS NULL AND ends_at <= %(now)s)
    OR EXISTS (SELECT FROM alerting_maintenance
                WHERE applied_at IS NULL AND starts_at <= %(now)s)
    OR EXISTS (SELECT FROM alerting_maintenance
                WHERE released_at IS NULL AND ends_at <= %(now)s)
    OR EXISTS (SELECT FROM alerting_alert
                WHERE state IN ('open', 'acknowledged') AND expires_at <= %(now)s)
    OR EXISTS (SELECT FROM alerting_alert
                WHERE state IN ('open', 'acknowledged') AND calm_since <= %(calm)s)
    OR EXISTS (SELECT FROM alerting_alert
                WHERE state = 'open' AND held_by LIKE 'wait:%%' AND opened_at
                      + make_interval(secs => split_part(held_by, ':', 2)::int) <= %(now)s)
"""


def is_anything_over(*, now: datetime) -> bool:
    """Whether an alert, a silence or a window may be due; the steps themselves look closer."""
    with connection.cursor() as cursor:
        cursor.execute(_ANYTHING, {"now": now, "calm": now - flapping.CALM})
        return bool(cursor.fetchone()[0])
