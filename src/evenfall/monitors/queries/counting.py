"""Counts of looks for those above: indicators of objectives are sums of them."""

from collections.abc import Collection
from datetime import datetime

from django.db import connection

_COUNTS = """
SELECT monitor_id, date_trunc('minute', at), count(*) FILTER (WHERE result = 'good'), count(*)
FROM monitors_check
WHERE monitor_id = ANY(%s) AND at >= %s AND at < %s AND result IN ('good', 'bad')
GROUP BY 1, 2 ORDER BY 1, 2
"""


def check_counts(
    monitor_ids: Collection[int], *, since: datetime, until: datetime
) -> list[tuple[int, datetime, int, int]]:
    """(monitor id, minute, good looks, looks) from `since` to before `until`; one query.

    A look that is unknown counts in neither; a minute without any other is left out.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, [list(monitor_ids), since, until])
        return [(number, minute, good, total) for number, minute, good, total in cursor.fetchall()]
