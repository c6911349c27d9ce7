"""How many pages wait for people: the number on the icon of the app."""

from collections.abc import Collection

from django.db.models import Count, F, Q

from evenfall.paging.logic.words import Status
from evenfall.paging.models import Participation

_UNANSWERED = (Status.PAGING.value, Status.HELP.value)


def open_counts(user_ids: Collection[int]) -> dict[int, int]:
    """The open pages of each person that nobody answered, or that are in their own hands.

    Who has none is left out. One query.
    """
    rows = (
        Participation.objects.filter(user_id__in=user_ids, page__ended_at=None)
        .filter(Q(page__status__in=_UNANSWERED) | Q(page__holder_id=F("user_id")))
        .values("user_id")
        .annotate(pages=Count("page_id", distinct=True))
    )
    return dict(rows.values_list("user_id", "pages"))
