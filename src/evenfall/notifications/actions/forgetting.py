"""Forgets notices that are done with for long. Their facts in the journal stay."""

from datetime import datetime

from django.db import transaction

from evenfall.notifications.logic.states import NoticeState
from evenfall.notifications.models import Notice
from evenfall.platform.retention import AT_ONCE, Step

_WAITING = frozenset({NoticeState.PLANNED, NoticeState.CLAIMED, NoticeState.SENT})


@transaction.atomic
def forget_notices(*, before: datetime, after_id: int = 0, limit: int = AT_ONCE) -> Step:
    """Delete notices that were due earlier than `before` and that nobody has to send any more.

    Looks at `limit` notices behind `after_id`, a fixed number of statements. The answers given with
    their links go too; a retry that outlives its notice stays.
    """
    rows = Notice.objects.filter(id__gt=after_id).order_by("id")[:limit]
    seen = list(rows.values_list("id", "planned_at", "first_due_at", "state"))
    done = [number for number, _, due, state in seen if due < before and state not in _WAITING]
    Notice.objects.filter(id__in=done).delete()
    is_old = any(planned_at < before for _, planned_at, _, _ in seen)
    return Step(deleted=len(done), last_id=seen[-1][0] if is_old else None)
