"""Inhibition rules: made, changed, deleted. Each change writes a new book of rules."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from msgspec import Struct

from evenfall.alerting import errors, events
from evenfall.alerting.actions.books import lock_rules, write_book
from evenfall.alerting.logic.matchers import MAX_MATCHERS, Matcher, to_json
from evenfall.alerting.models import InhibitionRow
from evenfall.alerting.queries.context import inhibition_to_json
from evenfall.platform.events import publish
from evenfall.platform.journal import changed_fields
from evenfall.platform.wakeups import wake

MOST_RULES: Final = 2_000
MOST_EQUAL: Final = 20
MOST_NAME: Final = 120
WAKE: Final = "alerting.inhibitions"


class InhibitionDraft(Struct, frozen=True, kw_only=True):
    """A rule as somebody wrote it: while a `source` is open, each `target` with `equal` labels
    waits.
    """

    name: str
    source: Sequence[Matcher]
    target: Sequence[Matcher]
    equal: Sequence[str] = ()
    is_enabled: bool = True


def create_inhibition(*, draft: InhibitionDraft, now: datetime, actor: str) -> int:
    """Add a rule; return its id. It holds what is open already as well, within a second.

    Raises NameMissing, InhibitionNotValid, TooManyInhibitions.
    """
    _check(draft)
    with transaction.atomic():
        lock_rules()
        if InhibitionRow.objects.count() >= MOST_RULES:
            raise errors.TooManyInhibitions(most=MOST_RULES)
        row = InhibitionRow(created_at=now, created_by=actor)
        _write(row, draft, now, actor)
        _announce(row, "created", {}, now, actor)
    return row.pk


def change_inhibition(
    *, inhibition_id: int, draft: InhibitionDraft, now: datetime, actor: str
) -> None:
    """Raises as `create_inhibition`, InhibitionNotFound."""
    _check(draft)
    with transaction.atomic():
        row = _locked(inhibition_id)
        before = inhibition_to_json(row)
        _write(row, draft, now, actor)
        _announce(row, "changed", before, now, actor)


def delete_inhibition(*, inhibition_id: int, now: datetime, actor: str) -> None:
    """Delete a rule; what it held is decided again. Raises InhibitionNotFound."""
    with transaction.atomic():
        row = _locked(inhibition_id)
        before, number = inhibition_to_json(row), row.pk
        row.delete()
        row.pk = number  # the fact still names it
        _announce(row, "deleted", before, now, actor)


def _check(draft: InhibitionDraft) -> None:
    if not draft.name.strip():
        raise errors.NameMissing(field="name")
    for field, matchers in (("source", draft.source), ("target", draft.target)):
        if not matchers:
            reason = "Without a matcher every alert would fit: write one at least."
            raise errors.InhibitionNotValid(field=field, reason=reason)
        if len(matchers) > MAX_MATCHERS:
            reason = f"At most {MAX_MATCHERS} matchers."
            raise errors.InhibitionNotValid(field=field, reason=reason)
    if len(draft.equal) > MOST_EQUAL or any(len(name) > MOST_NAME for name in draft.equal):
        reason = f"At most {MOST_EQUAL} labels, each of at most {MOST_NAME} letters."
        raise errors.InhibitionNotValid(field="equal", reason=reason)


def _locked(inhibition_id: int) -> InhibitionRow:
    lock_rules()
    row = InhibitionRow.objects.filter(id=inhibition_id).first()
    if row is None:
        raise errors.InhibitionNotFound(inhibition_id=inhibition_id)
    return row


def _write(row: InhibitionRow, draft: InhibitionDraft, now: datetime, actor: str) -> None:
    row.name = draft.name.strip()[:MOST_NAME]
    row.source, row.target = to_json(draft.source), to_json(draft.target)
    row.equal = sorted({name.strip() for name in draft.equal if name.strip()})
    row.is_enabled = draft.is_enabled
    row.changed_at, row.changed_by = now, actor
    row.save()


def _announce(
    row: InhibitionRow, what: str, before: dict[str, Any], now: datetime, actor: str
) -> None:
    book = write_book(now=now, actor=actor)
    after = {} if what == "deleted" else inhibition_to_json(row)
    changed = changed_fields(before, after)
    publish(
        events.InhibitionsChanged(
            at=now,
            actor=actor,
            inhibition_id=row.pk,
            name=row.name,
            what=what,
            version=book.pk,
            before={name: old for name, (old, _) in changed.items() if name in before},
            after={name: new for name, (_, new) in changed.items() if name in after},
        )
    )
    wake(WAKE)
