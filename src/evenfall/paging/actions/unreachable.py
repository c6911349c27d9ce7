"""A person turned out to be out of reach: the page goes on to the next step at once."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from evenfall.notifications import queries as notifications_queries
from evenfall.paging import events
from evenfall.paging.logic.people import Missing
from evenfall.paging.logic.rules import INBOX
from evenfall.paging.logic.words import Status, TargetKind
from evenfall.paging.models import Page, Participation
from evenfall.platform.events import publish
from evenfall.platform.wakeups import wake

SEEKING = (Status.PAGING.value, Status.HELP.value)
LOST = frozenset({"failed", "cancelled"})


def go_on_where_unreachable(*, failures: Collection[tuple[int, int]], now: datetime) -> int:
    """Make pages due whose whole last step cannot be reached; returns how many.

    `failures` are (page id, user id) pairs for which a notice failed for good and no other way
    was left to try. A person counts as out of reach when every notice to them about the page, the
    inbox aside, failed. The failure is recorded with the page either way. Locks the pages.
    """
    with transaction.atomic():
        page_ids = {page_id for page_id, _ in failures}
        rows = Page.objects.select_for_update().filter(id__in=page_ids, status__in=SEEKING)
        pages = {row.id: row for row in rows.order_by("id")}
        lost = [pair for pair in sorted(set(failures)) if pair[0] in pages and _is_lost(*pair)]
        for page_id, user_id in lost:
            _mark(page_id, user_id)
        publish(*[_nobody(pages[page_id], user_id, now) for page_id, user_id in lost])
        return _make_due([pages[i] for i in sorted({page_id for page_id, _ in lost})], now)


def _is_lost(page_id: int, user_id: int) -> bool:
    notices = [
        notice
        for notice in notifications_queries.notices_for(f"page:{page_id}")
        if notice.user_id == user_id and notice.kind != INBOX
    ]
    return bool(notices) and all(str(notice.state) in LOST for notice in notices)


def _mark(page_id: int, user_id: int) -> None:
    Participation.objects.filter(page_id=page_id, user_id=user_id).update(is_reachable=False)


def _make_due(pages: Sequence[Page], now: datetime) -> int:
    due = [page.id for page in pages if not _anybody_left(page)]
    Page.objects.filter(id__in=due, due_at__gt=now).update(due_at=now)
    if due:
        wake("paging.advance")
    return len(due)


def _anybody_left(page: Page) -> bool:
    """Whether somebody of the newest move that notified people can still be reached."""
    newest = page.participations.order_by("-move_id").values_list("move_id", flat=True).first()
    return page.participations.filter(move_id=newest, is_reachable=True).exists()


def _nobody(page: Page, user_id: int, now: datetime) -> events.PageNobodyFound:
    return events.PageNobodyFound(
        page_id=page.id,
        subject=page.subject,
        reason="notices_failed",
        round=page.round,
        step=None,
        missing=(
            events.Unfound(
                target=TargetKind.USER.value,
                target_id=user_id,
                reason=Missing.NO_METHOD.value,
                user_id=user_id,
            ),
        ),
        at=now,
    )
