"""How it went: the only thing that keeps a runbook fresh is that it helped somebody."""

from datetime import datetime
from typing import Final

from django.db import transaction

from evenfall.catalog import queries as catalog_queries
from evenfall.platform.events import publish
from evenfall.platform.wakeups import wake
from evenfall.runbooks import errors, events
from evenfall.runbooks.actions.reminding import REMIND
from evenfall.runbooks.actions.writing import locked, reminder_of
from evenfall.runbooks.models import Use
from evenfall.runbooks.ports import Outcome

MOST_TEXT: Final = 2000


@transaction.atomic
def record_use(
    *,
    runbook_id: int,
    outcome: Outcome,
    text: str = "",
    subject: str = "",
    now: datetime,
    actor: str,
) -> None:
    """Record that a runbook helped, or what is wrong in it (`text` is needed then).

    `subject` is where it was used, such as "incident:17". Raises `RunbookNotFound`,
    `RunbookUnclear`.
    """
    said = text.replace("\0", "").strip()[:MOST_TEXT]
    if outcome is Outcome.WRONG and not said:
        raise errors.RunbookUnclear(field="text", reason="Say in a few words what is wrong.")
    row = locked(runbook_id)
    is_news = outcome is Outcome.HELPED or row.wrong_since is None
    if outcome is Outcome.WRONG:
        row.wrong_since = row.wrong_since or now
    else:
        row.proven_at, row.wrong_since = now, None
    # the owner of one that is known to be wrong was told already
    if is_news and row.archived_at is None:
        row.remind_at = reminder_of(row, now)
        wake(REMIND)
    row.save(update_fields=["proven_at", "wrong_since", "remind_at"])
    Use.objects.create(
        runbook=row,
        number=row.number,
        outcome=outcome.value,
        subject=subject,
        text=said,
        said_by=actor,
        at=now,
    )
    publish(
        events.RunbookUsed(
            runbook_id=row.pk,
            title=row.title,
            subject=subject,
            outcome=outcome.value,
            text=said,
            at=now,
            actor=actor,
        )
    )


@transaction.atomic
def report_missing(
    *, text: str, service_id: int | None = None, subject: str = "", now: datetime, actor: str
) -> int:
    """Note that somebody looked for a runbook that nobody wrote; returns its id.

    Raises `RunbookUnclear`, `ServiceNotFound`.
    """
    said = text.replace("\0", "").strip()[:MOST_TEXT]
    if not said:
        raise errors.RunbookUnclear(field="text", reason="Say in a few words what it is about.")
    if service_id is not None:
        catalog_queries.service(service_id)
    use = Use.objects.create(
        outcome=Outcome.MISSING.value,
        subject=subject,
        service_id=service_id,
        text=said,
        said_by=actor,
        at=now,
    )
    publish(
        events.RunbookMissing(
            use_id=use.pk, text=said, service_id=service_id, subject=subject, at=now, actor=actor
        )
    )
    return use.pk


@transaction.atomic
def settle_missing(*, use_id: int, now: datetime, actor: str) -> None:
    """Take it off the list: it was written, or nobody wants it any more. Raises UseNotFound."""
    rows = Use.objects.filter(id=use_id, outcome=Outcome.MISSING.value)
    if not rows.exists():
        raise errors.UseNotFound(use_id=use_id)
    if rows.filter(settled_at=None).update(settled_at=now):
        publish(events.MissingSettled(use_id=use_id, at=now, actor=actor))
