"""Every night: how many incidents have each word, and incidents that were never compared."""

from datetime import datetime
from typing import Final

from django.db import connection, transaction

from evenfall.incidents import queries as incidents_queries
from evenfall.incidents.queries import Filters, Show
from evenfall.patterns.actions.noticing import compare_soon
from evenfall.patterns.models import IncidentTraits

PAGE: Final = 200
_COUNT: Final = """
INSERT INTO patterns_worduse (word, incidents)
SELECT substr(key, 3), count(*) FROM patterns_feature WHERE key LIKE 'w:_%%' GROUP BY key
 UNION ALL SELECT '', count(*) FROM patterns_incidenttraits WHERE counts AND read_at IS NOT NULL
"""


@transaction.atomic
def count_words() -> None:
    """Replace the counts; until it ran for the first time all words weigh the same."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM patterns_worduse")
        cursor.execute(_COUNT)


def compare_unknown(*, now: datetime) -> int:
    """Let incidents be compared that were there before patterns were; return how many.

    Newest first, until a page of which all are known.
    """
    found, cursor = 0, None
    while True:
        page = incidents_queries.incidents_page(Filters(show=Show.ALL), cursor=cursor, size=PAGE)
        ids = {view.id for view in page.items}
        known = IncidentTraits.objects.filter(incident_id__in=ids)
        fresh = ids - set(known.values_list("incident_id", flat=True))
        if not fresh:
            return found
        with transaction.atomic():
            compare_soon(incident_ids=fresh, now=now)
        found += len(fresh)
        if page.next_cursor is None:
            return found
        cursor = page.next_cursor
