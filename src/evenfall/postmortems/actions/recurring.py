"""It happened again: what was believed to be mended is opened again."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from evenfall.platform.events import SYSTEM, publish
from evenfall.platform.wakeups import wake
from evenfall.postmortems import events
from evenfall.postmortems.actions import loading
from evenfall.postmortems.actions.trackers import MIRROR
from evenfall.postmortems.logic import action_life
from evenfall.postmortems.logic.action_life import WITHIN, ActionClass, ActionState
from evenfall.postmortems.models import Action, IssueLink

_MENDED = (ActionState.DONE.value, ActionState.VERIFIED.value)


@transaction.atomic
def reopen_after_recurrence(*, recurrences: Mapping[int, int], now: datetime) -> list[int]:
    """Open the finished actions of incidents that came back; returns their numbers.

    `recurrences` gives, for the incident that was, the one that came. Each action gets the whole
    time of its class again. One that is open, rejected or an accepted risk stays as it is.
    """
    rows = Action.objects.select_for_update(of=("self",)).select_related("postmortem")
    mended = rows.filter(postmortem__incident_id__in=recurrences, state__in=_MENDED)
    found = list(mended.order_by("id"))
    for row in found:
        _reopen(row, recurrences[row.postmortem.incident_id], now)
    if IssueLink.objects.filter(action__in=found).update(due_at=now):
        wake(MIRROR)
    return [row.pk for row in found]


def _reopen(row: Action, incident_id: int, now: datetime) -> None:
    before = row.state
    row.state, row.recurrences = ActionState.IN_PROGRESS.value, row.recurrences + 1
    row.reason = f"It did not hold: incident {incident_id} is a recurrence."
    row.done_at = row.settled_at = None
    row.due_at = now + WITHIN[ActionClass(row.level)]
    row.remind_at = action_life.next_reminder(row.due_at, now)
    row.save()
    facts = loading.about_action(row, now=now, actor=SYSTEM)
    publish(
        events.ActionMoved(**facts, before=before, after=row.state, reason=row.reason),
        events.ActionRecurred(**facts, by_incident_id=incident_id),
    )
