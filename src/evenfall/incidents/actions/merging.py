"""Two incidents that are one."""

from datetime import datetime

from django.db import transaction

from evenfall.alerting.ports import Urgency
from evenfall.incidents import errors, events
from evenfall.incidents.actions import calling, counting, moving
from evenfall.incidents.actions.moving import By
from evenfall.incidents.actions.suspecting import carry_verdicts
from evenfall.incidents.logic.merging import Side, merge_refusal
from evenfall.incidents.logic.severity import higher
from evenfall.incidents.logic.states import State
from evenfall.incidents.models import Incident, IncidentAlert


def merge_incidents(*, incident_id: int, into_id: int, now: datetime, actor: str) -> None:
    """Merge one incident into another: its alerts move, its page stops, and it is frozen.

    Later alerts of its group join the other one. Incidents merged into it before follow along.
    Raises IncidentNotFound, CannotMerge (with the rule). Locks both, the lower id first.
    """
    with transaction.atomic():
        rows = {row.pk: row for row in moving.lock_many({incident_id, into_id})}
        child, target = _found(rows, incident_id), _found(rows, into_id)
        refusal = merge_refusal(_side(child), _side(target))
        if refusal is not None:
            raise errors.CannotMerge(incident_id=incident_id, into_id=into_id, reason=refusal.value)
        _merge(child, target, By(actor=actor, at=now))


def _merge(child: Incident, target: Incident, by: By) -> None:
    fact = events.IncidentMerged(
        **moving.about(child, by),
        into_id=target.pk,
        title=child.title,
        into_title=target.title,
        alert_count=child.alert_count,
    )
    alerts = IncidentAlert.objects.filter(incident=child)
    moved = list(alerts.order_by("id").values_list("alert_id", flat=True))
    alerts.update(incident=target)
    carry_verdicts(child, target, by)
    Incident.objects.filter(merged_into=child).update(merged_into=target)
    child.state = State.MERGED.value
    child.state_at = by.at
    child.merged_into = target
    # state and target in one statement: the database wants both or none
    child.save(update_fields=["state", "merged_into"])
    before = Urgency(target.urgency)
    target.urgency = higher(before, Urgency(child.urgency)).value
    urgent = {target.pk} if target.urgency != before.value else set()
    facts = [fact, *moving.joined(target, moved, by, title=child.title)]
    facts += counting.refresh([child, target], by)
    facts += calling.alarm([target] if urgent else [], by)
    moving.save([child, target], facts, now=by.at)
    calling.stop([child], reason=f"merged into incident {target.pk}", by=by)
    # whoever slept through the low urgency of the target must hear of the high one
    calling.call([target], by, urgent=urgent, worse={target.pk})


def _found(rows: dict[int, Incident], incident_id: int) -> Incident:
    if incident_id not in rows:
        raise errors.IncidentNotFound(incident_id=incident_id)
    return rows[incident_id]


def _side(row: Incident) -> Side:
    return Side(
        incident_id=row.pk,
        state=State(row.state),
        environment=row.environment,
        is_private=row.is_private,
    )
