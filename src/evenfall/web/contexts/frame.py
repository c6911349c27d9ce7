"""What the frame around every page counts: the inbox's bell, and what waits for a decision."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

from django.db import connection
from django.db.models import Count, QuerySet, Value
from msgspec import Struct, field

from evenfall.foresight import queries as foresight_queries
from evenfall.identity.permissions import Permission, Role, Viewer, asked_by
from evenfall.incidents import queries as incidents_queries
from evenfall.notifications import queries as notifications_queries
from evenfall.releases import queries as releases_queries
from evenfall.runbooks import queries as runbooks_queries
from evenfall.statuspages import queries as statuspages_queries
from evenfall.web.logic.navigation import FINDINGS, RELEASES, RUNS, STATUS_PAGES

_UNREAD = "unread"
_NOW: Final = datetime(1, 1, 1, tzinfo=UTC)
_TODAY: Final = _NOW.date()
type _Counted = QuerySet[Any, tuple[str, int]]


class Frame(Struct, frozen=True, kw_only=True):
    """`unread` things in the inbox; `waits`: decisions that wait for the reader, by path."""

    unread: int = 0
    waits: Mapping[str, int] = field(default_factory=dict)


class _Reader(NamedTuple):
    """What decides which rows are counted."""

    user_id: int
    role: Role
    team_roles: tuple[tuple[int, Role], ...]
    scopes: frozenset[Permission] | None


def frame(viewer: Viewer, *, now: datetime) -> Frame:
    """One query, whoever asks: it stands before every page.

    Whoever may approve nothing anywhere waits for nothing: their `waits` is empty.
    """
    roles = tuple(sorted(viewer.team_roles.items()))
    reader = _Reader(viewer.user_id, viewer.role, roles, viewer.scopes)
    statement, told = _statement(reader)
    today = now.date()
    with connection.cursor() as cursor:
        cursor.execute(
            statement, [now if one == _NOW else today if one == _TODAY else one for one in told]
        )
        found = dict(cursor.fetchall())
    unread = found.pop(_UNREAD, 0)
    return Frame(unread=unread, waits=found)


@lru_cache(maxsize=512)
def _statement(reader: _Reader) -> tuple[str, tuple[Any, ...]]:
    """The statement with its parameters, `_NOW` and `_TODAY` for the time.

    Kept, since to write it down costs ten times as much as to ask it: it is the same each time for
    whoever may do the same. Counted is what this reader may see, whoever asks.
    """
    viewer = Viewer(
        user_id=reader.user_id,
        name="",
        role=reader.role,
        team_roles=dict(reader.team_roles),
        scopes=reader.scopes,
    )
    with asked_by(viewer):
        first, *others = _counts(viewer, _NOW)
        statement, told = first.union(*others, all=True).query.sql_with_params()
    return statement, tuple(told)


def _counts(viewer: Viewer, now: datetime) -> Iterator[_Counted]:
    unread = notifications_queries.unread(user_id=viewer.user_id, now=now)
    yield _count(_UNREAD, unread, notifications_queries.UNREAD)
    if viewer.can_somewhere(Permission.RESPOND):
        hidden = incidents_queries.hidden_names()
        runs = runbooks_queries.to_approve(viewer, hidden=hidden)
        yield _count(RUNS.path, runs, Count("pk"))
        yield _count(RELEASES.path, releases_queries.to_sign(viewer), Count("pk"))
        yield _count(STATUS_PAGES.path, statuspages_queries.to_confirm(viewer), Count("pk"))
        findings = foresight_queries.open_findings(viewer, today=now.date())
        yield _count(FINDINGS.path, findings, Count("pk"))


def _count(name: str, rows: QuerySet[Any], how: Count) -> _Counted:
    named = rows.order_by().values(name=Value(name))
    counted: _Counted = named.annotate(counted=how).values_list("name", "counted")
    return counted
