"""What humans answer, and what else ends or changes a page."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from msgspec import Struct

from evenfall.notifications import actions as notifications_actions
from evenfall.paging import errors
from evenfall.paging.actions import notifying, storing
from evenfall.paging.actions.advancing import snapshot_for
from evenfall.paging.actions.answers import fact_of, stopped
from evenfall.paging.actions.telling import Carried
from evenfall.paging.logic import machine, walk
from evenfall.paging.logic.machine import Decision
from evenfall.paging.logic.policy import TargetSpec
from evenfall.paging.logic.walk import Outcome
from evenfall.paging.logic.words import Reason, Status, TargetKind
from evenfall.paging.models import Digest, Page, PageAnswer
from evenfall.paging.ports import Response
from evenfall.paging.queries.directory import Snapshot, snapshot
from evenfall.paging.queries.live import LivePage, live_pages
from evenfall.platform.events import publish


class Answered(Struct, frozen=True, kw_only=True):
    """What an answer did: where the page stands now, and why."""

    page_id: int
    status: Status
    reason: Reason


def respond(
    *,
    page_id: int,
    response: Response,
    user_id: int | None,
    via: str,
    now: datetime,
    actor: str,
    help_team_id: int | None = None,
) -> Answered:
    """Record what a human answered and act on it; late answers are kept and change nothing.

    Waits for the lock on the page, so it never fails because of a race: an acknowledgement after
    a step was taken stops the notices of that step too; one before it makes the step not due.
    Locks: the page, then digests. Raises `PageNotFound`.
    """
    answered = _respond_to(
        [page_id], response, user_id=user_id, via=via, now=now, actor=actor, team=help_team_id
    )
    if not answered:
        raise errors.PageNotFound(page_id=page_id)
    return answered[0]


def respond_to_digest(
    *, digest_id: int, response: Response, user_id: int, via: str, now: datetime, actor: str
) -> list[Answered]:
    """Give the same answer to every open page that the digest lists; see `respond`."""
    digest = Digest.objects.filter(id=digest_id, user_id=user_id).first()
    if digest is None:
        raise errors.DigestNotFound(digest_id=digest_id)
    listed = digest.pages.filter(page__ended_at=None).values_list("page_id", flat=True)
    return _respond_to(
        set(listed), response, user_id=user_id, via=via, now=now, actor=actor, team=None
    )


def stop_pages(*, subjects: Collection[str], reason: str, now: datetime, actor: str) -> int:
    """Close the open pages of these subjects: resolved, merged, …; returns how many there were.

    Waits for rows that are being advanced. Locks: the pages, then digests.
    """
    with transaction.atomic():
        pages = _locked_open(subjects)
        states = {
            page.id: machine.stop(page.state, page.spec, reason=reason, now=now).state
            for page in pages
        }
        storing.save_states(states)
        _cancel(pages, reason, now)
        publish(*[stopped(page, reason, now, actor) for page in pages])
        return len(pages)


def keep_alive(*, subjects: Collection[str], now: datetime) -> int:
    """Somebody works on these subjects (a note, an update): acknowledged pages wait again.

    Returns how many open pages there were. Locks the pages.
    """
    with transaction.atomic():
        pages = _locked_open(subjects)
        storing.save_states(
            {page.id: machine.keep_alive(page.state, page.spec, now=now).state for page in pages}
        )
        return len(pages)


def _respond_to(
    page_ids: Collection[int],
    response: Response,
    *,
    user_id: int | None,
    via: str,
    now: datetime,
    actor: str,
    team: int | None,
) -> list[Answered]:
    helpers = () if team is None else (TargetSpec(kind=TargetKind.TEAM, id=team),)
    with transaction.atomic():
        rows = Page.objects.filter(id__in=page_ids).order_by("id")
        pages = live_pages(rows.select_for_update(of=("self",)))
        decisions = [
            machine.respond(
                page.state, page.spec, response, by=user_id, now=now, help_targets=helpers
            )
            for page in pages
        ]
        seen = _who_could_be_meant(pages, decisions, helpers, now)
        carried = [
            Carried(page=page, outcome=_outcome(page, decision, seen, now))
            for page, decision in zip(pages, decisions, strict=True)
        ]
        storing.save_states({one.page.id: one.outcome.state for one in carried})
        _store_answers(carried, response, user_id, via, now)
        _cancel([one.page for one in carried if one.outcome.cancels], response.value, now)
        facts = [
            fact
            for one, decision in zip(carried, decisions, strict=True)
            for fact in fact_of(one, decision, user_id=user_id, via=via, now=now, actor=actor)
        ]
        told = notifying.notify(carried, snapshot=seen, now=now, actor=actor)
        publish(*facts, *told)
    return [
        Answered(page_id=one.page.id, status=one.outcome.state.status, reason=decision.reason)
        for one, decision in zip(carried, decisions, strict=True)
    ]


def _who_could_be_meant(
    pages: Sequence[LivePage],
    decisions: Sequence[Decision],
    helpers: tuple[TargetSpec, ...],
    now: datetime,
) -> Snapshot:
    """Only escalations and calls for help need people; an acknowledgement must be quick."""
    if not any(d.targets or d.reason is Reason.ESCALATED for d in decisions):
        return Snapshot()
    known = snapshot_for(pages, now)
    if not helpers:
        return known
    return snapshot(
        [page.spec for page in pages],
        team_ids={page.team_id for page in pages if page.team_id is not None},
        at=now,
        extra_targets=helpers,
    )


def _outcome(page: LivePage, decision: Decision, seen: Snapshot, now: datetime) -> Outcome:
    return walk.carry_out(
        decision, policy=page.spec, team_id=page.team_id, directory=seen.directory, now=now
    )


def _store_answers(
    carried: Sequence[Carried],
    response: Response,
    user_id: int | None,
    via: str,
    now: datetime,
) -> None:
    PageAnswer.objects.bulk_create(
        [
            PageAnswer(
                page_id=one.page.id,
                user_id=user_id,
                response=response.value,
                via=via,
                at=now,
                reason=one.outcome.moves[0].reason.value,
            )
            for one in carried
        ]
    )


def _locked_open(subjects: Collection[str]) -> list[LivePage]:
    rows = Page.objects.filter(subject__in=subjects, ended_at=None).order_by("id")
    return live_pages(rows.select_for_update(of=("self",)))


def _cancel(pages: Sequence[LivePage], reason: str, now: datetime) -> None:
    """Take back the planned notices of these pages, and of digests that list none else."""
    page_ids = [page.id for page in pages]
    if not page_ids:
        return
    seeking = [Status.PAGING.value, Status.HELP.value]
    touched = Digest.objects.filter(pages__page_id__in=page_ids)
    settled = touched.exclude(pages__page__status__in=seeking).distinct()
    digests = list(settled.values_list("id", flat=True))
    subjects = [f"page:{i}" for i in page_ids] + [f"digest:{i}" for i in digests]
    notifications_actions.cancel_notices(subjects=subjects, reason=reason, now=now)
