"""Pages are made anew when something that they show was changed elsewhere."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import F

from evenfall.statuspages.models import Post, StatusPage


def refresh_posts_of(*, incident_ids: Collection[int], now: datetime) -> None:
    """Let every page with a post about one of these incidents be a newer version.

    Locks the pages in the order of their ids, as whoever prepares posts does.
    """
    told = Post.objects.filter(incident_id__in=incident_ids)
    with transaction.atomic():
        rows = StatusPage.objects.select_for_update().filter(id__in=told.values("page_id"))
        ids = list(rows.order_by("id").values_list("id", flat=True))
        StatusPage.objects.filter(id__in=ids).update(version=F("version") + 1, changed_at=now)
