"""Actions and issues follow each other: claimed, spoken about without a transaction, written down.

A webhook only makes a look due, and what is seen decides. So what comes late, twice or in another
order does no harm, and what we did ourselves is seen as agreed: there is nothing to go round in.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import F, Min, Q, QuerySet
from msgspec import Struct

from evenfall.platform.events import SYSTEM, publish
from evenfall.platform.logs import get_logger
from evenfall.postmortems import events, ports, queries
from evenfall.postmortems.actions import loading
from evenfall.postmortems.actions.promising import follow_issue
from evenfall.postmortems.logic import mirroring
from evenfall.postmortems.logic.action_life import ActionState, ActionStep
from evenfall.postmortems.logic.mirroring import Clash, Verdict
from evenfall.postmortems.models import Action, IssueLink, Tracker
from evenfall.postmortems.ports import Issue, IssueDraft, TrackerAccount, TrackerError, TrackerType

log = get_logger(__name__)
BATCH: Final = 10
LEASE: Final = timedelta(minutes=2)
CALLS_S: Final = 12.0
ACCOUNT_WAIT: Final = timedelta(minutes=10)
_WORDS: Final = {
    ActionStep.FINISH: "{key} was closed",
    ActionStep.REOPEN: "{key} was opened again",
}


class Errand(Struct, frozen=True, kw_only=True):
    """What is to be asked about one link, and what was known when it was claimed."""

    link_id: int
    action_id: int
    tracker: TrackerType
    account: TrackerAccount
    key: str
    is_retry: bool
    state: ActionState
    agreed: bool | None
    draft: IssueDraft


class Answer(Struct, frozen=True, kw_only=True):
    """What the tracker said: the issue as it is, after `pushed` was done to it, or an error."""

    errand: Errand
    issue: Issue | None = None
    pushed: bool | None = None
    error: TrackerError | None = None


class Mirrored(Struct, frozen=True, kw_only=True):
    done: int
    next_due: datetime | None


def mirror_issues(*, now: datetime) -> Mirrored:
    """Look at one batch of issues that are due; make those that were asked for.

    While a tracker is away its links stay due, wait longer each time, and lose nothing.
    """
    errands = _claim(now)
    answers = asyncio.run(_ask_all(errands)) if errands else []
    for answer in answers:
        _record(answer, now)
    return Mirrored(done=len(errands), next_due=_next_due(now))


@transaction.atomic
def _claim(now: datetime) -> list[Errand]:
    due = _reachable(now).filter(due_at__lte=now).order_by("due_at", "id")
    locked = due.select_for_update(of=("self",), skip_locked=True)
    rows = list(locked.select_related("tracker", "action__postmortem")[:BATCH])
    IssueLink.objects.filter(id__in=[row.pk for row in rows]).update(
        due_at=now + LEASE, attempts=F("attempts") + 1
    )
    found = [(row, ports.tracker_type(row.tracker.type)) for row in rows]
    return [_errand(row, kind) for row, kind in found if kind is not None]


def _reachable(now: datetime) -> QuerySet[IssueLink]:
    quiet = Q(tracker__quiet_until__isnull=True) | Q(tracker__quiet_until__lte=now)
    return IssueLink.objects.filter(quiet, tracker__is_on=True)


def _errand(row: IssueLink, kind: TrackerType) -> Errand:
    return Errand(
        link_id=row.pk,
        action_id=row.action_id,
        tracker=kind,
        account=queries.account_of(row.tracker),
        key=row.key,
        is_retry=row.attempts > 0,
        state=ActionState(row.action.state),
        agreed=row.agreed,
        draft=_draft(row.action),
    )


def _draft(row: Action) -> IssueDraft:
    mark = f"{settings.EVENFALL.public_url}/actions/{row.pk}/"
    body = (
        f"Promised after incident {row.postmortem.incident_id}: {row.postmortem.title}\n\n"
        f"Due {row.due_at:%d %b %Y}, class {row.level}.\n\n"
        f"Closing this issue marks the action as done; it is verified there:\n{mark}\n"
    )
    return IssueDraft(title=row.title, body=body, mark=mark)


async def _ask_all(errands: Sequence[Errand]) -> list[Answer]:
    return list(await asyncio.gather(*map(_ask, errands)))


async def _ask(errand: Errand) -> Answer:
    """Whatever goes wrong becomes an answer too."""
    try:
        async with asyncio.timeout(CALLS_S):
            return await _speak(errand)
    except TrackerError as error:
        return Answer(errand=errand, error=error)
    except TimeoutError:
        return Answer(errand=errand, error=TrackerError(f"no answer within {CALLS_S:g} s"))
    except Exception as error:
        log.exception("an issue tracker failed", tracker=errand.account.name)
        return Answer(errand=errand, error=TrackerError(f"{type(error).__name__} in the tracker"))


async def _speak(errand: Errand) -> Answer:
    if not errand.key:
        return Answer(errand=errand, issue=await _made(errand))
    issue = await errand.tracker.fetch(errand.account, errand.key)
    push = _verdict(errand.state, issue, errand.agreed).push
    if push is not None:
        issue = await errand.tracker.set_open(errand.account, errand.key, is_open=push)
    return Answer(errand=errand, issue=issue, pushed=push)


async def _made(errand: Errand) -> Issue:
    """A new issue; before another try, that of the try whose answer was lost."""
    found = None
    if errand.is_retry:
        found = await errand.tracker.find(errand.account, errand.draft.mark)
    return found or await errand.tracker.create(errand.account, errand.draft)


def _verdict(state: ActionState, issue: Issue, agreed: bool | None) -> Verdict:  # noqa: FBT001 - what was agreed
    return mirroring.compare(
        state, is_open=issue.is_open, is_dropped=issue.is_dropped, agreed=agreed
    )


@transaction.atomic
def _record(answer: Answer, now: datetime) -> None:
    """Write down what was seen, and follow it. Locks the action, the tracker, then the link."""
    errand = answer.errand
    row = loading.lock_action(errand.action_id)
    _note(answer, now)
    links = IssueLink.objects.select_for_update(of=("self",)).select_related("tracker")
    link = links.filter(id=errand.link_id).first()
    if link is None:
        return  # it was unlinked meanwhile
    if answer.issue is None:
        _failed(row, link, answer.error or TrackerError("it gave no answer"), now)
    else:
        _seen(row, link, answer.issue, answer.pushed, now)
    link.save()


def _note(answer: Answer, now: datetime) -> None:
    """What it tells about the account: where one call fails for its sake, all others would."""
    tracker = Tracker.objects.filter(id=answer.errand.account.id)
    error = answer.error
    if error is None:
        tracker.update(worked_at=now, last_error="")
    elif error.is_account or error.retry_after is not None:
        quiet = error.retry_after or ACCOUNT_WAIT
        tracker.update(quiet_until=now + quiet, last_error=error.message)


def _seen(
    row: Action,
    link: IssueLink,
    issue: Issue,
    pushed: bool | None,  # noqa: FBT001 - what was done, if anything
    now: datetime,
) -> None:
    is_new = not link.key
    link.key, link.url, link.title = issue.key, issue.url, issue.title[:300]
    link.is_open, link.is_dropped, link.seen_at = issue.is_open, issue.is_dropped, now
    link.attempts, link.last_error = 0, ""
    if pushed is not None:
        link.agreed = issue.is_open
    if is_new:
        row.ticket_url = issue.url
        row.save(update_fields=["ticket_url"])
        _tell(row, link, "made", now)
    _follow(row, link, _verdict(ActionState(row.state), issue, link.agreed), now)


def _follow(row: Action, link: IssueLink, verdict: Verdict, now: datetime) -> None:
    if verdict.step is not None:
        reason = _WORDS[verdict.step].format(key=link.key)
        follow_issue(row, verdict.step, proof=link.url, reason=reason, now=now)
    _clash(row, link, verdict.clash, now)
    if verdict.is_agreed or verdict.step is not None:
        link.agreed = link.is_open
    soon = verdict.push is not None  # the action changed while we asked
    link.due_at = now if soon else now + mirroring.look_again(ActionState(row.state))


def _failed(row: Action, link: IssueLink, error: TrackerError, now: datetime) -> None:
    link.last_error = error.message
    wait = max(mirroring.wait(link.attempts), error.retry_after or timedelta(0))
    link.due_at = now + wait
    if error.is_gone and link.key:
        link.due_at = None
        _clash(row, link, Clash.GONE, now)
    elif error.is_final and not error.is_account:
        link.due_at = None  # the same would be refused again: a person changes something first


def _clash(row: Action, link: IssueLink, clash: Clash | None, now: datetime) -> None:
    before, link.clash = link.clash, clash.value if clash else ""
    if link.clash and link.clash != before:
        _tell(row, link, f"differs: {link.clash}", now)


def _tell(row: Action, link: IssueLink, what: str, now: datetime) -> None:
    facts = loading.about_action(row, now=now, actor=SYSTEM)
    publish(events.ActionIssueChanged(**facts, what=what, tracker=link.tracker.name, url=link.url))


def _next_due(now: datetime) -> datetime | None:
    """When to look again; a tracker that asked for quiet wakes us by the tick."""
    found: datetime | None = _reachable(now).aggregate(at=Min("due_at"))["at"]
    return found
