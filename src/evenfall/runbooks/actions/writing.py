"""Writing runbooks. Every save is a new version; who saves on an old one is told, not overruled."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.contrib.postgres.search import SearchVector
from django.db import IntegrityError, transaction
from django.db.models import Value
from django.db.models.expressions import Combinable
from django.utils.text import slugify
from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.platform.events import publish
from evenfall.runbooks import errors, events
from evenfall.runbooks.logic.checklist import cleaned
from evenfall.runbooks.logic.documents import MOST_TEXT, MOST_TITLE, clean_tags
from evenfall.runbooks.logic.freshness import first_reminder
from evenfall.runbooks.logic.merging import has_marks
from evenfall.runbooks.models import Runbook, Use, Version
from evenfall.runbooks.ports import Outcome, Owner

SLUG_LENGTH: Final = 80
# words that pages below /runbooks/ are called by
RESERVED: Final = frozenset({"", "new", "missing", "import", "imports", "export", "preview"})
_CONFIG = "simple"


class RunbookWish(Struct, frozen=True, kw_only=True):
    """What a runbook should say. Tags are put into small letters."""

    title: str
    text: str
    owner: Owner
    tags: Sequence[str] = ()
    summary: str = ""
    """What was changed, for the list of versions; may be empty."""


@transaction.atomic
def create_runbook(*, wish: RunbookWish, now: datetime, actor: str) -> int:
    """Return the id of a new runbook; its slug is made from the title.

    Raises `RunbookUnclear` that names the field, `TeamNotFound`, `UserNotFound`.
    """
    values = _checked(wish)
    row = _insert(values, now)
    _add_version(row, wish, now=now, actor=actor)
    _tell(row, wish, before={}, after=_snapshot(row), now=now, actor=actor)
    return row.pk


@transaction.atomic
def save_runbook(
    *, runbook_id: int, base: int, wish: RunbookWish, now: datetime, actor: str
) -> int:
    """Save a new version on version `base`; return its number, the old one if nothing changed.

    Raises `EditedMeanwhile` when there is a newer version than `base`: nothing is saved, and
    `queries.proposal` puts both texts together. Raises `RunbookArchived`, `RunbookUnclear`, ….
    """
    row = locked(runbook_id)
    values = _checked(wish)
    if row.archived_at is not None:
        raise errors.RunbookArchived
    if row.number != base:
        raise errors.EditedMeanwhile(base=base, current=row.number)
    before = _snapshot(row)
    is_new = any(getattr(row, name) != values[name] for name in ("title", "tags", "text"))
    for name, value in values.items():
        setattr(row, name, value)
    if is_new:
        _add_version(row, wish, now=now, actor=actor)
    else:
        row.save(update_fields=["owner_team", "owner_user"])
    if is_new or before != _snapshot(row):
        _tell(row, wish, before=before, after=_snapshot(row), now=now, actor=actor)
    return row.number


@transaction.atomic
def archive_runbook(*, runbook_id: int, now: datetime, actor: str) -> None:
    """Take it out of lists and incidents; its versions stay. Raises RunbookNotFound."""
    row = locked(runbook_id)
    if row.archived_at is None:
        row.archived_at, row.remind_at = now, None
        row.save(update_fields=["archived_at", "remind_at"])
        publish(events.RunbookArchived(runbook_id=row.pk, title=row.title, at=now, actor=actor))


@transaction.atomic
def restore_runbook(*, runbook_id: int, now: datetime, actor: str) -> None:
    """Bring an archived runbook back. Raises RunbookNotFound."""
    row = locked(runbook_id)
    if row.archived_at is not None:
        row.archived_at, row.remind_at = None, reminder_of(row, now)
        row.save(update_fields=["archived_at", "remind_at"])
        publish(events.RunbookRestored(runbook_id=row.pk, title=row.title, at=now, actor=actor))


def locked(runbook_id: int) -> Runbook:
    """The row, locked until the transaction ends; for the actions of this domain."""
    row = Runbook.objects.select_for_update().defer("search").filter(id=runbook_id).first()
    if row is None:
        raise errors.RunbookNotFound(runbook=runbook_id)
    return row


def reminder_of(row: Runbook, now: datetime) -> datetime:
    """When its owner should hear of it next; for the actions of this domain."""
    return first_reminder(
        proven_at=row.proven_at, wrong_since=row.wrong_since, created_at=row.created_at, now=now
    )


def _checked(wish: RunbookWish) -> dict[str, Any]:
    title = " ".join(wish.title.replace("\0", "").split())
    text = cleaned(wish.text)
    if not title or len(title) > MOST_TITLE:
        raise _unclear("title", f"Give it a title of at most {MOST_TITLE} characters.")
    if len(text) > MOST_TEXT:
        raise _unclear("text", f"The text has more than {MOST_TEXT:,} characters. Part it in two.")
    if has_marks(text):
        why = "Two texts clash here still: decide between them and take the marks <<<<<<< out."
        raise _unclear("text", why)
    return {"title": title, "text": text, "tags": list(clean_tags(wish.tags)), **_owner(wish.owner)}


def _owner(owner: Owner) -> dict[str, int | None]:
    if (owner.team_id is None) is (owner.user_id is None):
        raise _unclear("owner", "Choose one owner: a team or a person.")
    if owner.team_id is not None:
        identity_queries.team(owner.team_id)
    if owner.user_id is not None:
        identity_queries.person(owner.user_id)
    return {"owner_team_id": owner.team_id, "owner_user_id": owner.user_id}


def _unclear(field: str, reason: str) -> errors.RunbookUnclear:
    return errors.RunbookUnclear(field=field, reason=reason)


def _insert(values: dict[str, Any], now: datetime) -> Runbook:
    """The row under the first free slug; two who take the same one at once get two."""
    row = Runbook(created_at=now, changed_at=now, **values)
    row.remind_at = reminder_of(row, now)
    name = slugify(row.title)[: SLUG_LENGTH - 8].strip("-_") or "runbook"
    taken = set(Runbook.objects.filter(slug__startswith=name).values_list("slug", flat=True))
    number = 1
    while True:
        slug = name if number == 1 else f"{name}-{number}"
        number += 1
        if slug in taken | RESERVED:
            continue
        row.slug = slug
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError:
            taken.add(slug)
            continue
        return row


def _add_version(row: Runbook, wish: RunbookWish, *, now: datetime, actor: str) -> None:
    """Save the row as its next version. What was reported wrong counts as mended."""
    row.number += 1
    row.changed_at, row.wrong_since = now, None
    row.remind_at = reminder_of(row, now)
    row.save()
    Version.objects.create(
        runbook=row,
        number=row.number,
        title=row.title,
        tags=row.tags,
        text=row.text,
        summary=" ".join(wish.summary.replace("\0", "").split())[:200],
        saved_by=actor,
        saved_at=now,
    )
    wrong = Use.objects.filter(runbook=row, outcome=Outcome.WRONG.value, settled_at=None)
    wrong.update(settled_at=now)
    Runbook.objects.filter(id=row.pk).update(search=_words(row))


def _words(row: Runbook) -> Combinable:
    return (
        SearchVector(Value(row.title), weight="A", config=_CONFIG)
        + SearchVector(Value(" ".join(row.tags)), weight="B", config=_CONFIG)
        + SearchVector(Value(row.text), weight="C", config=_CONFIG)
    )


def _snapshot(row: Runbook) -> dict[str, Any]:
    """What the audit shows; the texts are in the versions."""
    return {
        "title": row.title,
        "tags": list(row.tags),
        "owner_team_id": row.owner_team_id,
        "owner_user_id": row.owner_user_id,
        "number": row.number,
    }


def _tell(
    row: Runbook,
    wish: RunbookWish,
    *,
    before: dict[str, Any],
    after: dict[str, Any],
    now: datetime,
    actor: str,
) -> None:
    publish(
        events.RunbookSaved(
            runbook_id=row.pk,
            title=row.title,
            number=row.number,
            summary=wish.summary[:200],
            before=before,
            after=after,
            at=now,
            actor=actor,
        )
    )
