"""How runbooks were used, and which are missing."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from msgspec import Struct

from evenfall.catalog import queries as catalog_queries
from evenfall.identity import queries as identity_queries
from evenfall.runbooks import errors
from evenfall.runbooks.models import Use
from evenfall.runbooks.ports import Outcome

MOST_SHOWN: Final = 20


class UseView(Struct, frozen=True, kw_only=True):
    """One use; `subject` is where, such as "incident:17", or empty. `service` is a name or ""."""

    id: int
    outcome: Outcome
    subject: str
    service_id: int | None
    service: str
    text: str
    number: int
    said_by: str
    at: datetime
    is_settled: bool

    @property
    def incident_id(self) -> int | None:
        noun, _, number = self.subject.partition(":")
        return int(number) if noun == "incident" and number.isdecimal() else None


def uses_of(runbook_id: int) -> list[UseView]:
    """The newest twenty uses of a runbook."""
    rows = Use.objects.filter(runbook_id=runbook_id).order_by("-id")
    return _views(rows[:MOST_SHOWN])


def missing() -> list[UseView]:
    """The runbooks that people missed and nobody wrote yet, newest first; at most two hundred."""
    rows = Use.objects.filter(outcome=Outcome.MISSING.value, settled_at=None).order_by("-id")
    return _views(rows[:200])


def missing_one(use_id: int) -> UseView:
    """Raise `UseNotFound` when nobody misses it."""
    found = _views(Use.objects.filter(id=use_id, outcome=Outcome.MISSING.value))
    if not found:
        raise errors.UseNotFound(use_id=use_id)
    return found[0]


def _views(rows: Iterable[Use]) -> list[UseView]:
    rows = list(rows)
    names = identity_queries.actor_names({row.said_by for row in rows})
    service_ids = {row.service_id for row in rows if row.service_id is not None}
    services = catalog_queries.services(service_ids) if service_ids else {}
    return [
        UseView(
            id=row.pk,
            outcome=Outcome(row.outcome),
            subject=row.subject,
            service_id=row.service_id,
            service=services[row.service_id].name if row.service_id else "",
            text=row.text,
            number=row.number,
            said_by=names.get(row.said_by, "Evenfall"),
            at=row.at,
            is_settled=row.settled_at is not None,
        )
        for row in rows
    ]
