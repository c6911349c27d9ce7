"""A duty passed to somebody else: the pages that are open follow it."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from msgspec import Struct
from msgspec.structs import replace

from evenfall.paging import events
from evenfall.paging.actions import notifying, storing
from evenfall.paging.actions.telling import Carried
from evenfall.paging.logic import machine, people, walk
from evenfall.paging.logic.people import Directory, Found
from evenfall.paging.logic.walk import Move, Outcome
from evenfall.paging.logic.words import Reason, Status
from evenfall.paging.models import Page, Participation
from evenfall.paging.queries.directory import Snapshot, snapshot
from evenfall.paging.queries.live import LivePage, live_pages
from evenfall.platform.events import SYSTEM, publish

SEEKING = (Status.PAGING.value, Status.HELP.value)
HELD = (Status.ACKNOWLEDGED.value, Status.MOBILISED.value)


class Passing(Struct, frozen=True, kw_only=True):
    """From now on `to_user_id` has the duty that `from_user_id` had by this rota.

    `hands_over`: what the latter works on for the rota goes along; `is_away`: everything does.
    """

    from_user_id: int
    to_user_id: int
    rota_id: int
    rota_name: str
    hands_over: bool = False
    is_away: bool = False

    @property
    def why(self) -> str:
        return f"took over in {self.rota_name}"


def page_those_who_took_over(*, passings: Collection[Passing], now: datetime) -> int:
    """Notify whoever took over about the open pages of the other; how many pages that were.

    A page that nobody has answered goes to the new one once, and its policy goes on as it would
    have. One that the other answered and hands over is open again: the new one is asked first, and
    then the policy from its start. Locks the pages, then digests.
    """
    with transaction.atomic():
        pages = _pages_of(passings)
        if not pages:
            return 0
        seen = snapshot(
            [page.spec for page in pages],
            team_ids={page.team_id for page in pages if page.team_id is not None},
            at=now,
            user_ids={i for one in passings for i in (one.from_user_id, one.to_user_id)},
        )
        told = _told([page.id for page in pages])
        seeking = [page for page in pages if page.state.status.is_seeking]
        carried = [one for page in seeking if (one := _told_of(page, passings, told, seen))]
        handed = [one for page in pages if (one := _handed_on(page, passings, seen, now))]
        storing.save_states({one.page.id: one.outcome.state for one in handed})
        facts = [_fact(one.page, now) for one in handed]
        notified = notifying.notify([*carried, *handed], snapshot=seen, now=now, actor=SYSTEM)
        publish(*facts, *notified)
        return len(carried) + len(handed)


def _pages_of(passings: Collection[Passing]) -> list[LivePage]:
    """The open pages that those who passed a duty on were told of, or hold and hand over."""
    passing = {one.from_user_id for one in passings}
    leaving = {one.from_user_id for one in passings if one.hands_over}
    concerned = Participation.objects.filter(user_id__in=passing, page__status__in=SEEKING)
    wanted = Q(id__in=concerned.values("page_id"), status__in=SEEKING)
    rows = Page.objects.filter(wanted | Q(status__in=HELD, holder_id__in=leaving))
    return live_pages(rows.select_for_update(of=("self",)).order_by("id"))


def _told(page_ids: Iterable[int]) -> dict[int, set[int]]:
    told: dict[int, set[int]] = {page_id: set() for page_id in page_ids}
    rows = Participation.objects.filter(page_id__in=told).values_list("page_id", "user_id")
    for page_id, user_id in rows:
        told[page_id].add(user_id)
    return told


def _told_of(
    page: LivePage, passings: Iterable[Passing], told: dict[int, set[int]], seen: Snapshot
) -> Carried | None:
    """The page nobody answered, told to those who took over from somebody who knew of it."""
    known = told[page.id]
    whys = {
        one.to_user_id: one.why
        for one in passings
        if one.from_user_id in known and one.to_user_id not in known
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


def _handed_on(
    page: LivePage, passings: Iterable[Passing], seen: Snapshot, now: datetime
) -> Carried | None:
    """The page that its holder hands over, asked of whoever took over, or of the policy."""
    passing = next(_handing(page, passings, seen.directory), None)
    if passing is None:
        return None
    decision = machine.pass_on(page.state, page.spec, to=passing.to_user_id, now=now)
    outcome = walk.carry_out(
        decision, policy=page.spec, team_id=page.team_id, directory=seen.directory, now=now
    )
    first, *rest = outcome.moves
    return Carried(page=page, outcome=replace(outcome, moves=(_explained(first, passing), *rest)))


def _handing(
    page: LivePage, passings: Iterable[Passing], directory: Directory
) -> Iterator[Passing]:
    """The passings that take this page along, that of its own rota first."""
    if page.state.status.value not in HELD:
        return
    own = people.rotas_of(page.spec, page.team_id, directory.teams)
    mine = [p for p in passings if p.hands_over and p.from_user_id == page.state.holder_id]
    yield from (one for one in mine if one.rota_id in own)
    yield from (one for one in mine if one.is_away)


def _explained(move: Move, passing: Passing) -> Move:
    """The move with the reason why it led to the new person."""
    found = tuple(replace(one, why=passing.why) for one in move.found)
    missing = tuple(replace(one, why=passing.why) for one in move.missing)
    return replace(move, found=found, missing=missing)


def _fact(page: LivePage, now: datetime) -> events.PageHandedOn:
    return events.PageHandedOn(
        page_id=page.id,
        subject=page.subject,
        user_id=page.state.holder_id or 0,
        at=now,
    )
