"""A duty passed to somebody else: pages that nobody has answered follow it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from evenfall.paging.actions import notifying
from evenfall.paging.actions.telling import Carried
from evenfall.paging.logic.people import Found
from evenfall.paging.logic.walk import Move, Outcome
from evenfall.paging.logic.words import Reason, Status
from evenfall.paging.models import Page, Participation
from evenfall.paging.queries.directory import Snapshot, snapshot
from evenfall.paging.queries.live import LivePage, live_pages
from evenfall.platform.events import SYSTEM, publish

SEEKING = (Status.PAGING.value, Status.HELP.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """From now on `to_user_id` has the duty that `from_user_id` had by the rota of this name."""

    from_user_id: int
    to_user_id: int
    rota_name: str


def page_those_who_took_over(*, passings: Collection[Passing], now: datetime) -> int:
    """Notify whoever took over about each open page that the other was notified of; how many.

    Everybody is notified of a page once. The steps of the policy go on as they would have. Locks
    the pages, then digests.
    """
    with transaction.atomic():
        people = {one.from_user_id for one in passings} | {one.to_user_id for one in passings}
        pages = _pages_of({one.from_user_id for one in passings})
        if not pages:
            return 0
        seen = snapshot(
            [page.spec for page in pages],
            team_ids={page.team_id for page in pages if page.team_id is not None},
            at=now,
            user_ids=people,
        )
        told = _told([page.id for page in pages])
        carried = [one for page in pages if (one := _carried(page, passings, told[page.id], seen))]
        publish(*notifying.notify(carried, snapshot=seen, now=now, actor=SYSTEM))
        return len(carried)


def _pages_of(user_ids: Collection[int]) -> list[LivePage]:
    concerned = Participation.objects.filter(user_id__in=user_ids, page__status__in=SEEKING)
    rows = Page.objects.filter(id__in=concerned.values("page_id"), status__in=SEEKING)
    return live_pages(rows.select_for_update(of=("self",)).order_by("id"))


def _told(page_ids: Iterable[int]) -> dict[int, set[int]]:
    told: dict[int, set[int]] = {page_id: set() for page_id in page_ids}
    rows = Participation.objects.filter(page_id__in=told).values_list("page_id", "user_id")
    for page_id, user_id in rows:
        told[page_id].add(user_id)
    return told


def _carried(
    page: LivePage, passings: Iterable[Passing], told: Collection[int], seen: Snapshot
) -> Carried | None:
    whys = {
        one.to_user_id: f"took over in {one.rota_name}"
        for one in passings
        if one.from_user_id in told and one.to_user_id not in told
    }
    found = tuple(
        Found(user_id=user_id, why=why)
        for user_id, why in whys.items()
        if user_id in seen.directory.active
    )
    if not found:
        return None
    move = Move(reason=Reason.TOOK_OVER, round=page.state.round, found=found)
    return Carried(page=page, outcome=Outcome(state=page.state, moves=(move,)))
