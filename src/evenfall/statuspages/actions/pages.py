"""Which pages there are, and who may see them."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import available_timezones

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.text import slugify
from msgspec import Struct
from msgspec.structs import asdict

from evenfall.identity import queries as identity_queries
from evenfall.incidents.ports import Sev
from evenfall.platform.crypto import new_token
from evenfall.platform.events import publish
from evenfall.statuspages import errors, events
from evenfall.statuspages.logic.words import Visibility
from evenfall.statuspages.models import StatusPage

_SLUG_LENGTH = 60


class PageWish(Struct, frozen=True, kw_only=True):
    """What is said about a page. Weights are 0 to 1; `team_id` None: the page of the site.

    `prepare_from`: the mildest severity for which a first post is prepared; None: for none.
    """

    title: str
    slug: str = ""
    description: str = ""
    team_id: int | None = None
    visibility: Visibility = Visibility.PUBLIC
    time_zone: str = "UTC"
    weight_major: Decimal = Decimal(1)
    weight_partial: Decimal = Decimal("0.3")
    weight_degraded: Decimal = Decimal(0)
    counts_maintenance: bool = False
    groups_need_all: bool = False
    prepare_from: Sev | None = Sev.SEV2


def create_page(*, wish: PageWish, now: datetime, actor: str) -> int:
    """Return the id of a new page; its slug is made from the title unless given.

    Raises StatusPageNotUsable, StatusPageTaken, TeamNotFound.
    """
    row = StatusPage(token=new_token(""), created_at=now)
    with transaction.atomic():
        _fill(row, wish, now)
        _tell(row, before={}, after=snapshot(row), now=now, actor=actor)
    return row.pk


def change_page(*, status_page_id: int, wish: PageWish, now: datetime, actor: str) -> None:
    """Say something else about a page. Raises StatusPageNotFound and what create_page does."""
    with transaction.atomic():
        row = locked(status_page_id)
        before = snapshot(row)
        row.version += 1
        _fill(row, wish, now)
        _tell(row, before=before, after=snapshot(row), now=now, actor=actor)


def renew_token(*, status_page_id: int, now: datetime, actor: str) -> None:
    """Make the secret link anew: the old one shows nothing any more."""
    with transaction.atomic():
        row = locked(status_page_id)
        row.token, row.version, row.changed_at = new_token(""), row.version + 1, now
        row.save()
        change = {"link": "old"}, {"link": "new"}
        _tell(row, before=change[0], after=change[1], now=now, actor=actor)


def remove_page(*, status_page_id: int, now: datetime, actor: str) -> None:
    """Forget a page with everything that it said. Raises StatusPageNotFound."""
    with transaction.atomic():
        row = locked(status_page_id)
        _tell(row, before=snapshot(row), after={}, now=now, actor=actor)
        row.delete()


def locked(status_page_id: int) -> StatusPage:
    """The row, locked: whoever changes a part of a page locks the page first."""
    row = StatusPage.objects.select_for_update().filter(id=status_page_id).first()
    if row is None:
        raise errors.StatusPageNotFound
    return row


def touch(status_page_id: int, *, now: datetime) -> None:
    """Say that what the page shows has changed; the last step of every change."""
    StatusPage.objects.filter(id=status_page_id).update(version=F("version") + 1, changed_at=now)


def snapshot(row: StatusPage) -> dict[str, Any]:
    """What the audit shows: not the secret link."""
    names = [*PageWish.__struct_fields__]
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: object) -> Any:  # noqa: ANN401 - any JSON value
    return float(value) if isinstance(value, Decimal) else value


def _fill(row: StatusPage, wish: PageWish, now: datetime) -> None:
    values = {**asdict(wish), **_checked(wish, row.slug)}
    for name, value in values.items():
        setattr(row, name, value)
    row.changed_at = now
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise errors.StatusPageTaken(slug=row.slug) from error
    row.refresh_from_db()


def _checked(wish: PageWish, old_slug: str) -> dict[str, Any]:
    title = _needed(wish.title.strip(), "it needs a title.", "title")
    if wish.time_zone not in available_timezones():
        raise errors.StatusPageNotUsable(reason="this time zone is unknown.", field="time_zone")
    for name in ("weight_major", "weight_partial", "weight_degraded"):
        if not 0 <= getattr(wish, name) <= 1:
            raise errors.StatusPageNotUsable(reason="weights are 0 to 1.", field=name)
    if wish.team_id is not None:
        identity_queries.team(wish.team_id)
    slug = _slug(wish.slug.strip() or old_slug or slugify(title)[:_SLUG_LENGTH])
    return {
        "title": title,
        "slug": slug,
        "visibility": wish.visibility.value,
        "prepare_from": wish.prepare_from.value if wish.prepare_from else "",
    }


def _slug(slug: str) -> str:
    if not slug or slug != slugify(slug)[:_SLUG_LENGTH]:
        reason = "its address takes small letters, digits and hyphens."
        raise errors.StatusPageNotUsable(reason=reason, field="slug")
    return slug


def _needed(text: str, reason: str, field: str) -> str:
    if not text:
        raise errors.StatusPageNotUsable(reason=reason, field=field)
    return text


def _tell(
    row: StatusPage, *, before: dict[str, Any], after: dict[str, Any], now: datetime, actor: str
) -> None:
    publish(
        events.StatusPageChanged(
            status_page_id=row.pk, before=before, after=after, at=now, actor=actor
        )
    )
