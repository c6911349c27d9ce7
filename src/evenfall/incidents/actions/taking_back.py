"""What somebody did to alerts was taken back: their incidents need people again.

Locks incidents, then pages.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from msgspec import Struct

from evenfall.incidents import events
from evenfall.incidents.actions import calling, counting, moving
from evenfall.incidents.actions.following import known_alerts
from evenfall.incidents.actions.moving import By
from evenfall.incidents.logic.states import REOPENABLE, State
from evenfall.incidents.models import Incident, IncidentAlert
from evenfall.platform.events import Event, publish

_NOT_OVER: Final = "it was taken back that its alerts are over"
_NOT_KNOWN: Final = "it was taken back that somebody knows of it"


class AlertBack(Struct, frozen=True, kw_only=True):
    """An alert of which was taken back what somebody did at `done_at`.

    `was_over`: it is open again; else it is nobody's again. `calls`: people are to be called.
    """

    alert_id: int
    was_over: bool
    done_at: datetime
    calls: bool
    by: By


def take_back(*, back: Sequence[AlertBack]) -> None:
    """Open their incidents again, and call people for those that are nobody's.

    An incident is left alone where somebody acknowledged it otherwise, and where a newer one holds
    its group: that one calls already.
    """
    known = {one.alert_id: one for one in back}
    if not known:
        return
    with transaction.atomic():
        rows, incidents = known_alerts(known)
        _reopen_alerts(row for row in rows if known[row.alert_id].was_over)
        taken = _held_groups(incidents.values())
        for incident in incidents.values():
            own = [known[row.alert_id] for row in rows if row.incident_id == incident.pk]
            _take_back(incident, own, is_free=incident.group_key not in taken)


def _reopen_alerts(rows: Iterable[IncidentAlert]) -> None:
    ended = [row for row in rows if not row.is_open]
    for row in ended:
        row.is_open, row.ended_at = True, None
    IncidentAlert.objects.bulk_update(ended, ["is_open", "ended_at"], batch_size=500)


def _held_groups(incidents: Iterable[Incident]) -> set[str]:
    """The groups of those that are over which another incident holds by now."""
    keys = [row.group_key for row in incidents if row.group_key and not row.holds_group]
    held = Incident.objects.filter(group_key__in=keys, holds_group=True)
    return set(held.values_list("group_key", flat=True))


def _take_back(incident: Incident, own: Sequence[AlertBack], *, is_free: bool) -> None:
    by, state = own[0].by, State(incident.state)
    publish(*_told(incident, own))
    facts = []
    if state in REOPENABLE and is_free and any(one.was_over for one in own):
        facts = moving.reopen(incident, by, why=_NOT_OVER)
    elif _was_theirs(incident, own):
        facts = moving.alarm(incident, by, why=_NOT_KNOWN)
    if state not in REOPENABLE or facts:
        facts += counting.refresh([incident], by)
    is_called = bool(facts) and any(one.calls for one in own)
    moving.save([incident], facts, now=by.at)
    moving.regain_groups([incident.pk] if state in REOPENABLE and facts else [])
    if is_called:
        calling.call([incident], by, urgent=[incident.pk])


def _told(incident: Incident, own: Sequence[AlertBack]) -> list[Event]:
    """That they are over, and that somebody knows of them, are said apart."""
    counts = Counter(one.was_over for one in own)
    return [
        events.AlertsTakenBack(**moving.about(incident, own[0].by), count=count, were_over=over)
        for over, count in sorted(counts.items())
    ]


def _was_theirs(incident: Incident, own: Sequence[AlertBack]) -> bool:
    """Whether it was acknowledged by what was taken back, and nobody did more since."""
    times = {one.done_at for one in own if not one.was_over}
    return (
        State(incident.state) is State.ACKNOWLEDGED
        and incident.state_at in times
        and incident.mobilised_at is None
    )
