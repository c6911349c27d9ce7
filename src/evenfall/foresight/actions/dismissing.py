"""Findings that rest for a while, with a reason."""

from datetime import date, datetime

from django.db import transaction

from evenfall.foresight import errors, events
from evenfall.foresight.logic.findings import wrong_dismissal
from evenfall.foresight.models import Finding
from evenfall.platform.events import publish


def dismiss(*, finding_id: int, until: date, reason: str, now: datetime, actor: str) -> None:
    """Let a finding rest until a day. Raises FindingNotFound, DismissalNotValid."""
    if wrong := wrong_dismissal(until, reason, today=now.date()):
        raise errors.DismissalNotValid(field="until" if reason.strip() else "reason", reason=wrong)
    with transaction.atomic():
        row = _locked(finding_id)
        row.dismissed_until, row.dismissed_reason = until, reason.strip()[:300]
        row.dismissed_by = actor
        row.save()
        publish(
            events.FindingDismissed(
                at=now,
                actor=actor,
                finding_id=row.pk,
                title=row.title,
                until=until.isoformat(),
                reason=row.dismissed_reason,
            )
        )


def restore(*, finding_id: int, now: datetime, actor: str) -> None:
    """Let a dismissed finding count again. Raises FindingNotFound."""
    with transaction.atomic():
        row = _locked(finding_id)
        if row.dismissed_until is None:
            return
        row.dismissed_until, row.dismissed_reason, row.dismissed_by = None, "", ""
        row.save()
        publish(events.FindingRestored(at=now, actor=actor, finding_id=row.pk, title=row.title))


def _locked(finding_id: int) -> Finding:
    row = Finding.objects.select_for_update().filter(id=finding_id, gone_at=None).first()
    if row is None:
        raise errors.FindingNotFound(finding_id=finding_id)
    return row
