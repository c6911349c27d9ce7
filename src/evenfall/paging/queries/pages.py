"""Named reads of pages."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from itertools import chain

from django.db.models import QuerySet
from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.paging import errors
from evenfall.paging.logic.words import Status, Urgency
from evenfall.paging.models import Digest, Page, Participation
from evenfall.paging.ports import ACKNOWLEDGE_TARGET, MOBILISE_TARGET, PageContent
from evenfall.paging.queries.live import content_of
from evenfall.platform import pages as platform_pages


class PageView(Struct, frozen=True, kw_only=True):
    """A page as others see it.

    `acknowledge_by` and `mobilise_by` are the response targets; `…_in_time` is None while it is
    open whether they are met. `people` are the names of everybody notified so far.
    """

    id: int
    subject: str
    status: Status
    urgency: Urgency
    severity: str | None
    content: PageContent
    service_id: int | None
    team_id: int | None
    policy_id: int
    policy_name: str
    policy_number: int
    round: int
    step: int
    due_at: datetime | None
    started_at: datetime
    started_by: str
    acknowledged_at: datetime | None
    mobilised_at: datetime | None
    ended_at: datetime | None
    stop_reason: str
    holder_id: int | None
    holder: str
    people: tuple[str, ...]
    acknowledge_by: datetime
    mobilise_by: datetime
    acknowledged_in_time: bool | None
    mobilised_in_time: bool | None

    @property
    def is_open(self) -> bool:
        return not self.status.is_closed


def pages_for(subjects: Collection[str]) -> list[PageView]:
    """The pages about these subjects, the newest first."""
    return _views(Page.objects.filter(subject__in=subjects).order_by("-id"))


def page(page_id: int) -> PageView:
    """Raise `PageNotFound` when there is none."""
    found = _views(Page.objects.filter(id=page_id))
    if not found:
        raise errors.PageNotFound(page_id=page_id)
    return found[0]


def pages_page(
    *, cursor: str | None = None, open_only: bool = False, user_id: int | None = None
) -> platform_pages.Page[PageView]:
    """Fifty pages, the newest first; of one person where `user_id` is given."""
    rows = Page.objects.all()
    if open_only:
        rows = rows.filter(ended_at=None)
    if user_id is not None:
        mine = Participation.objects.filter(user_id=user_id).values("page_id")
        rows = rows.filter(id__in=mine)
    found = platform_pages.keyset(
        rows.select_related("policy_version__policy"),
        order=("-started_at", "-id"),
        cursor=cursor,
    )
    return found.holding(_from_rows(found.items))


def open_pages_of(user_id: int, *, limit: int) -> list[PageView]:
    """The oldest open pages that notified this person: what needs them now."""
    mine = Participation.objects.filter(user_id=user_id).values("page_id")
    return _views(Page.objects.filter(ended_at=None, id__in=mine).order_by("id")[:limit])


def digest_pages(digest_id: int, *, user_id: int) -> list[PageView]:
    """The pages a digest lists; raises `DigestNotFound` for somebody else's."""
    if not Digest.objects.filter(id=digest_id, user_id=user_id).exists():
        raise errors.DigestNotFound(digest_id=digest_id)
    listed = Participation.objects.filter(digest_id=digest_id).values("page_id")
    return _views(Page.objects.filter(id__in=listed).order_by("id"))


def why_me(page_id: int, user_id: int) -> str:
    """Why this person was notified last; empty when they were not."""
    rows = Participation.objects.filter(page_id=page_id, user_id=user_id)
    return rows.order_by("-id").values_list("why", flat=True).first() or ""


def people_called(subjects: Collection[str]) -> set[int]:
    """Everybody whom the pages about these subjects notified."""
    rows = Participation.objects.filter(page__subject__in=subjects)
    return set(rows.values_list("user_id", flat=True))


def _views(rows: QuerySet[Page]) -> list[PageView]:
    return _from_rows(list(rows.select_related("policy_version__policy")))


def _from_rows(rows: Iterable[Page]) -> list[PageView]:
    rows = list(rows)
    notified = _notified([row.id for row in rows])
    holders = {row.holder_id for row in rows if row.holder_id is not None}
    names = identity_queries.names({*chain.from_iterable(notified.values()), *holders})
    return [_view(row, notified[row.id], names) for row in rows]


def _notified(page_ids: Collection[int]) -> dict[int, dict[int, None]]:
    """Whom each page notified, in the order in which it first did."""
    found: dict[int, dict[int, None]] = defaultdict(dict)
    rows = Participation.objects.filter(page_id__in=page_ids).order_by("id")
    for page_id, user_id in rows.values_list("page_id", "user_id"):
        found[page_id][user_id] = None
    return found


def _view(row: Page, notified: Iterable[int], names: Mapping[int, str]) -> PageView:
    version = row.policy_version
    acknowledge_by = row.started_at + ACKNOWLEDGE_TARGET
    mobilise_by = row.started_at + MOBILISE_TARGET
    return PageView(
        id=row.id,
        subject=row.subject,
        status=Status(row.status),
        urgency=Urgency(row.urgency),
        severity=row.severity,
        content=content_of(row),
        service_id=row.service_id,
        team_id=row.team_id,
        policy_id=version.policy_id,
        policy_name=version.policy.name,
        policy_number=version.number,
        round=row.round,
        step=row.step,
        due_at=row.due_at,
        started_at=row.started_at,
        started_by=row.started_by,
        acknowledged_at=row.acknowledged_at,
        mobilised_at=row.mobilised_at,
        ended_at=row.ended_at,
        stop_reason=row.stop_reason,
        holder_id=row.holder_id,
        holder=names.get(row.holder_id or 0, ""),
        people=tuple(names.get(user_id, "somebody who left") for user_id in notified),
        acknowledge_by=acknowledge_by,
        mobilise_by=mobilise_by,
        acknowledged_in_time=_in_time(row.acknowledged_at, acknowledge_by),
        mobilised_in_time=_in_time(row.mobilised_at, mobilise_by),
    )


def _in_time(at: datetime | None, by: datetime) -> bool | None:
    return None if at is None else at <= by
