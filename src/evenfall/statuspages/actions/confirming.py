"""What a person makes of a prepared post: change it, publish it, or drop it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from evenfall.incidents import queries as incidents_queries
from evenfall.platform.events import publish
from evenfall.statuspages import errors, events
from evenfall.statuspages.actions.pages import locked
from evenfall.statuspages.actions.posts import UpdateWish, check_update, start_post
from evenfall.statuspages.actions.preparing import trouble_of
from evenfall.statuspages.actions.settling import about, settle
from evenfall.statuspages.logic.drafting import TITLE_LENGTH, past
from evenfall.statuspages.logic.words import Impact, Settled, Status
from evenfall.statuspages.models import Prepared, StatusPage

FIRST_PROMISE: Final = timedelta(minutes=30)
"""When readers hear more, unless whoever posts says otherwise."""


def change_prepared(
    *,
    status_page_id: int,
    prepared_id: int,
    title: str,
    text: str,
    statuses: Mapping[int, Status],
    now: datetime,
    actor: str,
) -> None:
    """Find better words; still no reader sees them.

    Raises StatusPageNotFound, PreparedNotFound, AlreadySettled, PostNotUsable.
    """
    with transaction.atomic():
        page = locked(status_page_id)
        row = _waiting(page, prepared_id)
        check_update(page, UpdateWish(text=text, statuses=statuses), said_at=now, now=now)
        before = _snapshot(row)
        row.title, row.text = _title(title), text.strip()
        row.statuses = {str(number): status.value for number, status in statuses.items()}
        row.changed_at, row.changed_by = now, actor
        row.save()
        publish(
            events.PreparedChanged(
                **about(row), before=before, after=_snapshot(row), at=now, actor=actor
            )
        )


def publish_prepared(
    *,
    status_page_id: int,
    prepared_id: int,
    title: str,
    first: UpdateWish,
    impact: Impact | None = None,
    now: datetime,
    actor: str,
) -> int:
    """Tell readers these words instead of the prepared ones; returns the id of the post.

    The first of two people wins. Raises StatusPageNotFound, PreparedNotFound, AlreadySettled,
    AlreadyPosted, PostNotUsable.
    """
    with transaction.atomic():
        page = locked(status_page_id)
        row = _waiting(page, prepared_id)
        return _publish(row, _title(title), first, impact, now=now, actor=actor)


def publish_as_prepared(
    *,
    status_page_id: int,
    prepared_id: int,
    notify: bool = True,
    next_update_at: datetime | None,
    now: datetime,
    actor: str,
) -> int:
    """Tell readers what is prepared, word by word; returns the id of the post.

    Components that were removed meanwhile are left out. Raises what publish_prepared does.
    """
    with transaction.atomic():
        page = locked(status_page_id)
        row = _waiting(page, prepared_id)
        left = set(page.components.filter(removed_at=None).values_list("id", flat=True))
        said = {int(number): Status(word) for number, word in row.statuses.items()}
        first = UpdateWish(
            text=row.text,
            statuses={number: status for number, status in said.items() if number in left},
            notify=notify,
            next_update_at=next_update_at,
        )
        return _publish(row, row.title, first, None, now=now, actor=actor)


def drop_prepared(
    *, status_page_id: int, prepared_id: int, reason: str, now: datetime, actor: str
) -> None:
    """Tell readers nothing, and prepare nothing about this incident again.

    Raises StatusPageNotFound, PreparedNotFound, AlreadySettled, PostNotUsable.
    """
    if not reason.strip():
        raise errors.PostNotUsable(reason="say why readers need not know.", field="reason")
    with transaction.atomic():
        row = _waiting(locked(status_page_id), prepared_id)
        settle([row], Settled.DROPPED, reason=reason.strip(), now=now, actor=actor)


def _publish(
    row: Prepared,
    title: str,
    first: UpdateWish,
    impact: Impact | None,
    *,
    now: datetime,
    actor: str,
) -> int:
    row.post_id = start_post(
        status_page_id=row.page_id,
        title=title,
        first=first,
        incident_id=row.incident_id,
        impact=impact,
        now=now,
        actor=actor,
        settles=False,
    )
    settle([row], Settled.POSTED, now=now, actor=actor)
    return row.post_id


def _waiting(page: StatusPage, prepared_id: int) -> Prepared:
    """One that waits, of an incident that is not past. The page is locked."""
    rows = page.prepared.select_related("page").exclude(incident_id__in=incidents_queries.hidden())
    row = rows.filter(id=prepared_id).first()
    if row is None:
        raise errors.PreparedNotFound
    how: Settled | None = Settled(row.settled_how) if row.settled_how else None
    how = how or past(trouble_of(incidents_queries.incident(row.incident_id)))
    if how is not None:
        raise errors.AlreadySettled(why=how.label)
    return row


def _title(title: str) -> str:
    wanted = title.strip()
    if not 0 < len(wanted) <= TITLE_LENGTH:
        reason = f"it needs a title of up to {TITLE_LENGTH} characters."
        raise errors.PostNotUsable(reason=reason, field="title")
    return wanted


def _snapshot(row: Prepared) -> dict[str, Any]:
    return {"title": row.title, "text": row.text, "statuses": row.statuses}
