"""A page is in good hands, or over: it need not stay on the screens of those it went to."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from evenfall.identity import queries as identity_queries
from evenfall.notifications import actions as notifications_actions
from evenfall.paging import events
from evenfall.paging.logic.words import Status
from evenfall.paging.models import Digest

type Ending = (
    events.PageAcknowledged | events.PageMobilised | events.PageResolved | events.PageStopped
)


def close_screens(*, endings: Sequence[Ending], now: datetime) -> int:
    """Close the messages about these pages on all devices; returns how many were told.

    A digest goes when none of its pages waits for an answer. Messages that are still planned were
    taken back with the answer itself.
    """
    users = {one.user_id for one in endings if isinstance(one, events.PageAnswered) and one.user_id}
    names = {user_id: one.name for user_id, one in identity_queries.people(users).items()}
    subjects: dict[str, list[str]] = defaultdict(list)
    for one in endings:
        subjects[_said(one, names)].append(f"page:{one.page_id}")
    settled = _settled_digests({one.page_id for one in endings})
    if settled:
        subjects["Every page of this list is answered"] += settled
    return sum(
        notifications_actions.close_notices(subjects=about, said=said, now=now)
        for said, about in subjects.items()
    )


def _said(ending: Ending, names: Mapping[int, str]) -> str:
    if isinstance(ending, events.PageStopped):
        return f"Over: {ending.reason}"[:100]
    name = names.get(ending.user_id or 0, "somebody")
    if isinstance(ending, events.PageMobilised):
        return f"{name} is on it"
    verb = "Resolved" if isinstance(ending, events.PageResolved) else "Acknowledged"
    return f"{verb} by {name}"


def _settled_digests(page_ids: Iterable[int]) -> list[str]:
    touched = Digest.objects.filter(pages__page_id__in=page_ids)
    seeking = [Status.PAGING.value, Status.HELP.value]
    settled = touched.exclude(pages__page__status__in=seeking).distinct()
    return [f"digest:{number}" for number in settled.values_list("id", flat=True)]
