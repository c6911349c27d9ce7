"""People say which change an incident came from; that deploy counts as failed from then on."""

from datetime import datetime

from django.db import transaction

from evenfall.changes import actions as changes_actions
from evenfall.changes import queries as changes_queries
from evenfall.changes.queries import ChangeView
from evenfall.incidents import errors, events
from evenfall.incidents.actions import moving
from evenfall.incidents.actions.editing import changeable
from evenfall.incidents.actions.moving import By
from evenfall.incidents.models import Incident, SuspectVerdict
from evenfall.incidents.queries.suspects import ranked_suspects
from evenfall.incidents.queries.views import incident_views

CONFIRMED = "confirmed"
RULED_OUT = "ruled_out"
WITHDRAWN = "withdrawn"


def judge_suspect(
    *, incident_id: int, change_id: int, is_confirmed: bool, now: datetime, actor: str
) -> None:
    """Say that a change caused the incident, or that it did not; the last word stands.

    An incident comes from one change at most: confirming another takes the first one back. Any
    change can be named, a suspect or not. Raises IncidentNotFound, NotPossible (merged) and
    ChangeNotFound. Locks the incident, then the changes.
    """
    change = changes_queries.change(change_id)
    by = By(actor=actor, at=now)
    with transaction.atomic():
        incident = changeable(incident_id)
        row = SuspectVerdict.objects.filter(incident=incident, change_id=change_id).first()
        if row is not None and row.is_confirmed == is_confirmed:
            return
        before = _replaced(incident, change_id) if is_confirmed else None
        changes_actions.hold_changes({change_id, before.change_id if before else change_id})
        facts = [_withdraw(incident, before, by)] if before is not None else []
        SuspectVerdict.objects.update_or_create(
            incident=incident,
            change_id=change_id,
            defaults={
                "is_confirmed": is_confirmed,
                "score": _score(incident, change_id),
                "decided_at": now,
                "decided_by": actor,
            },
        )
        _tell_harm(incident, change_id, by)
        facts.append(_fact(incident, change, CONFIRMED if is_confirmed else RULED_OUT, by))
        moving.save([incident], facts, now=now)


def withdraw_verdict(*, incident_id: int, change_id: int, now: datetime, actor: str) -> None:
    """Take back what was said about a change. Raises IncidentNotFound, NotPossible, NoVerdict."""
    by = By(actor=actor, at=now)
    with transaction.atomic():
        incident = changeable(incident_id)
        row = SuspectVerdict.objects.filter(incident=incident, change_id=change_id).first()
        if row is None:
            raise errors.NoVerdict(incident_id=incident_id, change_id=change_id)
        changes_actions.hold_changes([change_id])
        moving.save([incident], [_withdraw(incident, row, by)], now=now)


def carry_verdicts(child: Incident, target: Incident, by: By) -> None:
    """Take along what was said when an incident is merged; what the target says already stands.

    Needs both locked.
    """
    kept = SuspectVerdict.objects.filter(incident=target)
    known = set(kept.values_list("change_id", flat=True))
    has_cause = kept.filter(is_confirmed=True).exists()
    rows = list(SuspectVerdict.objects.filter(incident=child).order_by("id"))
    if rows:
        changes_actions.hold_changes([row.change_id for row in rows])
    for row in rows:
        if row.change_id in known or (row.is_confirmed and has_cause):
            row.delete()
            _tell_harm(child, row.change_id, by)
        else:
            row.incident = target
            row.save(update_fields=["incident"])


def _replaced(incident: Incident, change_id: int) -> SuspectVerdict | None:
    rows = SuspectVerdict.objects.filter(incident=incident, is_confirmed=True)
    return rows.exclude(change_id=change_id).first()


def _withdraw(incident: Incident, row: SuspectVerdict, by: By) -> events.SuspectJudged:
    change = changes_queries.change(row.change_id)
    row.delete()
    _tell_harm(incident, change.id, by)
    return _fact(incident, change, WITHDRAWN, by)


def _tell_harm(incident: Incident, change_id: int, by: By) -> None:
    """A change did harm as long as any incident is said to have come from it."""
    did = SuspectVerdict.objects.filter(change_id=change_id, is_confirmed=True).exists()
    changes_actions.tell_harm(
        change_id=change_id,
        did_harm=did,
        caused=f"incident:{incident.pk}",
        now=by.at,
        actor=by.actor,
    )


def _score(incident: Incident, change_id: int) -> int | None:
    """What the change is rated with now, in percent; None for what is no suspect."""
    found = ranked_suspects(incident_views([incident]))[incident.pk]
    return next((one.percent for one in found if one.change.id == change_id), None)


def _fact(incident: Incident, change: ChangeView, verdict: str, by: By) -> events.SuspectJudged:
    return events.SuspectJudged(
        **moving.about(incident, by), change_id=change.id, title=change.summary, verdict=verdict
    )
