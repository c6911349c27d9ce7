"""Forgets alerts that have been over for long. Their story in the journal stays."""

from datetime import datetime

from django.db import connection, transaction

from evenfall.platform.retention import AT_ONCE, Step

_FORGET = """
WITH seen AS (
    SELECT id, opened_at, state = 'resolved' AND resolved_at < %(before)s AS is_over
      FROM alerting_alert WHERE id > %(after_id)s ORDER BY id LIMIT %(limit)s
), gone AS (
    DELETE FROM alerting_alert USING seen
     WHERE alerting_alert.id = seen.id AND seen.is_over RETURNING alerting_alert.id
), decisions AS (
    DELETE FROM alerting_alert_decision USING gone WHERE alert_id = gone.id
), notices AS (
    DELETE FROM alerting_end_notice USING gone WHERE alert_id = gone.id
)
SELECT (SELECT count(*) FROM gone), max(id), min(opened_at) < %(before)s FROM seen
"""


@transaction.atomic
def forget_alerts(*, before: datetime, after_id: int = 0, limit: int = AT_ONCE) -> Step:
    """Delete alerts that were resolved earlier than `before`, with all that is kept about each.

    Looks at `limit` alerts behind `after_id`; what is still open stays, however old. Incidents
    keep the titles of their alerts.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, {"before": before, "after_id": after_id, "limit": limit})
        deleted, last_id, is_old = cursor.fetchone()
    return Step(deleted=deleted, last_id=last_id if is_old else None)
