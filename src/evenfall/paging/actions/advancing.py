"""Advancing pages that are due: claimed in a batch, decided purely, saved in one pass."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Min
from msgspec import Struct
from msgspec.structs import replace

from evenfall.paging import events
from evenfall.paging.actions import notifying, storing
from evenfall.paging.actions.telling import Carried
from evenfall.paging.logic import machine, walk
from evenfall.paging.logic.policy import DEFAULT_POLICY
from evenfall.paging.logic.walk import Outcome
from evenfall.paging.logic.words import Reason
from evenfall.paging.models import Page
from evenfall.paging.queries.directory import Snapshot, snapshot
from evenfall.paging.queries.live import LivePage, live_pages
from evenfall.platform.events import SYSTEM, Event, publish
from evenfall.platform.logs import get_logger
from evenfall.platform.metrics import histogram

BATCH = 500

log = get_logger(__name__)
lateness = histogram("evenfall_page_step_late_seconds", "How long after its due time a page moved")


class Advanced(Struct, frozen=True, kw_only=True):
    """How many pages moved, and when the next one is due."""

    done: int
    next_due: datetime | None


def advance_due_pages(*, now: datetime, limit: int = BATCH) -> Advanced:
    """Take the due step of up to `limit` pages.

    Claims rows with SKIP LOCKED: a page that is being answered at this moment is left to the
    answer, and looked at again at once if it is still due. Locks: the pages, then digests.
    """
    with transaction.atomic():
        rows = Page.objects.filter(due_at__lte=now).order_by("due_at", "id")
        pages = live_pages(rows.select_for_update(skip_locked=True)[:limit])
        if pages:
            _advance(pages, now)
    next_due = Page.objects.filter(due_at__isnull=False).aggregate(due=Min("due_at"))["due"]
    return Advanced(done=len(pages), next_due=next_due)


def snapshot_for(pages: Sequence[LivePage], now: datetime) -> Snapshot:
    """Who could be meant by the policies of these pages, and those who hold them."""
    holders = {page.state.holder_id for page in pages} | {page.state.asker_id for page in pages}
    return snapshot(
        [page.spec for page in pages],
        team_ids={page.team_id for page in pages if page.team_id is not None},
        at=now,
        user_ids=holders - {None},  # type: ignore[arg-type]  # None was just taken out
    )


def _advance(pages: Sequence[LivePage], now: datetime) -> None:
    seen = snapshot_for(pages, now)
    carried = [Carried(page=page, outcome=_outcome(page, seen, now)) for page in pages]
    storing.save_states({one.page.id: one.outcome.state for one in carried})
    expired = [fact for one in carried if (fact := _expired(one, now)) is not None]
    told = notifying.notify(carried, snapshot=seen, now=now, actor=SYSTEM)
    publish(*expired, *told)
    for page in pages:
        due_at = page.state.due_at or now
        lateness.observe((now - due_at).total_seconds())


def _outcome(page: LivePage, seen: Snapshot, now: datetime) -> Outcome:
    try:
        return walk.take_due(
            page.state,
            policy=page.spec,
            team_id=page.team_id,
            directory=seen.directory,
            now=now,
        )
    except Exception:
        # One page that cannot be decided must neither stop the others nor fall silent.
        log.exception("a page could not take its step", page=page.id)
        state = replace(page.state, round=1, step=0)
        return walk.carry_out(
            machine.last_resort(state, DEFAULT_POLICY, now=now),
            policy=DEFAULT_POLICY,
            team_id=None,
            directory=seen.directory,
            now=now,
        )


def _expired(one: Carried, now: datetime) -> Event | None:
    if one.outcome.moves[0].reason is not Reason.ACK_EXPIRED:
        return None
    return events.AckExpired(
        page_id=one.page.id,
        subject=one.page.subject,
        user_id=one.page.state.holder_id,
        at=now,
    )
