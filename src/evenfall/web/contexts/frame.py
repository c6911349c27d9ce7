"""What the frame around every page counts: the inbox's bell, and what waits for a decision."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet, Value

from evenfall.foresight import queries as foresight_queries
from evenfall.identity.permissions import Permission, Viewer
from evenfall.incidents import queries as incidents_queries
from evenfall.notifications import queries as notifications_queries
from evenfall.releases import queries as releases_queries
from evenfall.runbooks import queries as runbooks_queries
from evenfall.statuspages import queries as statuspages_queries
from evenfall.web.logic.navigation import FINDINGS, RELEASES, RUNS, STATUS_PAGES

_UNREAD = "unread"
type _Counted = QuerySet[Any, tuple[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """`unread` things in the inbox; `waits`: decisions that wait for the reader, by path."""

    unread: int = 0
    waits: Mapping[str, int] = field(default_factory=dict)


def frame(viewer: Viewer, *, now: datetime) -> Frame:
    """One query, whoever asks: it stands before every page.

    Whoever may approve nothing anywhere waits for nothing: their `waits` is empty.
    """
    first, *others = _counts(viewer, now)
    found = dict(first.union(*others, all=True))
    unread = found.pop(_UNREAD, 0)
    return Frame(unread=unread, waits=found)


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
