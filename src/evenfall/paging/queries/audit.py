"""Is every open page where it should be?"""

from datetime import datetime, timedelta

from django.db.models import Count, Min
from msgspec import Struct

from evenfall.paging.logic.words import Status
from evenfall.paging.models import Page


class Audit(Struct, frozen=True, kw_only=True):
    """`overdue` pages were due `tolerance` ago or earlier, the worst of them by `worst`.

    `stranded` pages are open, not mobilised, and have no due time: the database forbids it.
    """

    overdue: int
    worst: timedelta
    stranded: int


def audit(*, now: datetime, tolerance: timedelta) -> Audit:
    late = Page.objects.filter(due_at__lte=now - tolerance).aggregate(
        count=Count("id"), oldest=Min("due_at")
    )
    stranded = Page.objects.filter(ended_at=None, due_at=None).exclude(status=Status.MOBILISED)
    return Audit(
        overdue=late["count"],
        worst=now - late["oldest"] if late["oldest"] else timedelta(0),
        stranded=stranded.count(),
    )
