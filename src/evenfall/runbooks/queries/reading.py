"""Reads of runbooks and their versions. They return plain values: a template can issue no SQL."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.platform import pages
from evenfall.runbooks import errors
from evenfall.runbooks.logic.freshness import STALE_AFTER, Freshness, freshness
from evenfall.runbooks.logic.merging import Merge, merge
from evenfall.runbooks.models import Runbook, Source, Version
from evenfall.runbooks.ports import Owner


class Show(StrEnum):
    """Which runbooks a list shows. `STALE` are those that want a look: old or reported wrong."""

    ALL = "all"
    STALE = "stale"
    UNLINKED = "unlinked"
    ARCHIVED = "archived"


class Filters(Struct, frozen=True, kw_only=True):
    """What a list is asked for; empty fields filter nothing."""

    show: Show = Show.ALL
    team_id: int | None = None
    user_id: int | None = None
    tag: str = ""


class RunbookView(Struct, frozen=True, kw_only=True):
    """A runbook as others see it; `number` is that of its newest version.

    `owner_name` is empty where nobody asked for it; `source` names the folder it came from.
    """

    id: int
    slug: str
    title: str
    tags: tuple[str, ...]
    text: str
    number: int
    owner: Owner
    owner_name: str
    freshness: Freshness
    proven_at: datetime | None
    wrong_since: datetime | None
    is_linked: bool
    is_archived: bool
    source: str
    changed_at: datetime

    @property
    def team_id(self) -> int | None:
        return self.owner.team_id


class VersionView(Struct, frozen=True, kw_only=True):
    """One saved text; `saved_by` is the name of a person, a token or "Evenfall"."""

    number: int
    title: str
    tags: tuple[str, ...]
    summary: str
    saved_by: str
    saved_at: datetime


class VersionText(VersionView, frozen=True, kw_only=True):
    """A version with its text."""

    text: str


def runbook(runbook_id: int, *, now: datetime) -> RunbookView:
    """Raise `RunbookNotFound` when there is none."""
    return _found(Runbook.objects.filter(id=runbook_id), runbook_id, now)


def runbook_by_slug(slug: str, *, now: datetime) -> RunbookView:
    """Raise `RunbookNotFound` when there is none."""
    return _found(Runbook.objects.filter(slug=slug), slug, now)


def runbooks_page(
    filters: Filters, *, now: datetime, cursor: str | None = None
) -> pages.Page[Runbook]:
    """Fifty runbooks by title."""
    rows = filtered(filters, now=now).defer("search")
    return pages.keyset(rows, order=("title", "id"), cursor=cursor, size=50)


def filtered(filters: Filters, *, now: datetime) -> QuerySet[Runbook]:
    """The runbooks that fit; for this module and the search."""
    rows = Runbook.objects.filter(archived_at__isnull=filters.show is not Show.ARCHIVED)
    if filters.show is Show.STALE:
        old = now - STALE_AFTER
        never = Q(proven_at=None, created_at__lt=old)
        rows = rows.filter(Q(wrong_since__isnull=False) | Q(proven_at__lt=old) | never)
    if filters.show is Show.UNLINKED:
        rows = rows.filter(is_linked=False)
    if filters.team_id is not None:
        rows = rows.filter(owner_team_id=filters.team_id)
    if filters.user_id is not None:
        rows = rows.filter(owner_user_id=filters.user_id)
    return rows.filter(tags__contains=[filters.tag]) if filters.tag else rows


def runbook_views(rows: Iterable[Runbook], *, now: datetime) -> list[RunbookView]:
    """The rows with the names of owners and folders; three queries more, however many rows."""
    rows = list(rows)
    team_ids = {row.owner_team_id for row in rows if row.owner_team_id is not None}
    teams = {team.id: team.name for team in identity_queries.teams(team_ids)} if team_ids else {}
    people = identity_queries.names(row.owner_user_id for row in rows)
    source_ids = {row.source_id for row in rows if row.source_id is not None}
    sources = dict(Source.objects.filter(id__in=source_ids).values_list("id", "name"))
    return [
        _view(
            row,
            owner_name=teams.get(row.owner_team_id or 0) or people.get(row.owner_user_id or 0, ""),
            source=sources.get(row.source_id or 0, ""),
            now=now,
        )
        for row in rows
    ]


def all_tags() -> list[str]:
    """Every tag of runbooks that are not archived, by name."""
    sql = "SELECT DISTINCT unnest(tags) FROM runbooks_runbook WHERE archived_at IS NULL ORDER BY 1"
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [tag for (tag,) in cursor.fetchall()]


def versions(runbook_id: int) -> list[VersionView]:
    """All versions, newest first, without their texts."""
    rows = list(Version.objects.filter(runbook_id=runbook_id).defer("text").order_by("-number"))
    names = identity_queries.actor_names({row.saved_by for row in rows})
    return [VersionView(**_said(row, names)) for row in rows]


def version(runbook_id: int, number: int) -> VersionText:
    """Raise `VersionNotFound` when there is none."""
    row = _version(runbook_id, number)
    names = identity_queries.actor_names({row.saved_by})
    return VersionText(**_said(row, names), text=row.text)


def proposal(*, runbook_id: int, base: int, text: str) -> Merge:
    """Put a text that was written on version `base` together with the newest one."""
    newest = Runbook.objects.filter(id=runbook_id).values_list("text", flat=True).get()
    return merge(_version(runbook_id, base).text, text, newest)


def _version(runbook_id: int, number: int) -> Version:
    # a number from an address may be larger than the column
    row = Version.objects.filter(runbook_id=runbook_id, number=min(number, 2**31 - 1)).first()
    if row is None:
        raise errors.VersionNotFound(number=number)
    return row


def _said(row: Version, names: dict[str, str]) -> dict[str, Any]:
    return {
        "number": row.number,
        "title": row.title,
        "tags": tuple(row.tags),
        "summary": row.summary,
        "saved_by": names.get(row.saved_by, "Evenfall"),
        "saved_at": row.saved_at,
    }


def _found(rows: QuerySet[Runbook], key: object, now: datetime) -> RunbookView:
    views = runbook_views(rows[:1], now=now)
    if not views:
        raise errors.RunbookNotFound(runbook=key)
    return views[0]


def _view(row: Runbook, *, owner_name: str, source: str, now: datetime) -> RunbookView:
    return RunbookView(
        id=row.pk,
        slug=row.slug,
        title=row.title,
        tags=tuple(row.tags),
        text=row.text,
        number=row.number,
        owner=Owner(team_id=row.owner_team_id, user_id=row.owner_user_id),
        owner_name=owner_name,
        freshness=freshness(proven_at=row.proven_at, wrong_since=row.wrong_since, now=now),
        proven_at=row.proven_at,
        wrong_since=row.wrong_since,
        is_linked=row.is_linked,
        is_archived=row.archived_at is not None,
        source=source,
        changed_at=row.changed_at,
    )
