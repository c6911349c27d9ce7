"""How many changes there were on each day."""

from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.db.models.functions import TruncDate
from msgspec import Struct

from evenfall.changes.queries.ledger import Filters, filtered


class DayCount(Struct, frozen=True):
    """`day` is a day in the zone that was asked for."""

    day: date
    kind: str
    count: int


def daily_counts(filters: Filters, *, zone: ZoneInfo) -> list[DayCount]:
    """The counts of each kind on each day that has any, oldest first; one query.

    The filters should say `since`, or all of the ledger is counted.
    """
    rows = filtered(filters).annotate(day=TruncDate("at", tzinfo=zone))
    counted = rows.values("day", "kind").annotate(count=Count("id")).order_by("day", "kind")
    return [DayCount(one["day"], one["kind"], one["count"]) for one in counted]
