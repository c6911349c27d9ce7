"""The issue of an action: asked for, linked, unlinked, and which side wins where they differ."""

from datetime import datetime

from django.db import IntegrityError, transaction

from evenfall.platform.events import publish
from evenfall.platform.wakeups import wake
from evenfall.postmortems import errors, events, ports, queries
from evenfall.postmortems.actions import loading
from evenfall.postmortems.actions.promising import follow_issue, move_action
from evenfall.postmortems.actions.trackers import MIRROR
from evenfall.postmortems.logic.action_life import ActionStep, Asker, Wish
from evenfall.postmortems.logic.mirroring import Clash, step_of
from evenfall.postmortems.models import Action, IssueLink, Tracker


@transaction.atomic
def create_issue(*, action_id: int, tracker_id: int, now: datetime, actor: str) -> None:
    """Ask for an issue; the tracker makes it a moment later, or when it is back.

    Raises ActionNotFound, AlreadyLinked, TrackerNotFound.
    """
    row = _unlinked(action_id)
    tracker = Tracker.objects.filter(id=tracker_id, is_on=True).first()
    if tracker is None:
        raise errors.TrackerNotFound(tracker_id=tracker_id)
    IssueLink.objects.create(action=row, tracker=tracker, agreed=True, due_at=now, asked_at=now)
    _tell(row, "asked", tracker, now=now, actor=actor)


@transaction.atomic
def link_issue(*, action_id: int, url: str, now: datetime, actor: str) -> None:
    """Let an issue that exists stand for the action.

    Raises ActionNotFound, AlreadyLinked, IssueAddressWrong, IssueTaken.
    """
    row = _unlinked(action_id)
    tracker, key, address = _read(url)
    taken = IssueLink.objects.filter(tracker=tracker, key=key).values_list("action_id", flat=True)
    if taken:
        raise errors.IssueTaken(key=key, action_id=taken[0])
    link = IssueLink(action=row, tracker=tracker, key=key, url=address, due_at=now, asked_at=now)
    try:
        with transaction.atomic():
            link.save()
    except IntegrityError as error:  # somebody linked it in this moment
        raise errors.IssueTaken(key=key, action_id=0) from error
    row.ticket_url = address
    row.save(update_fields=["ticket_url"])
    _tell(row, "linked", tracker, url=address, now=now, actor=actor)


@transaction.atomic
def unlink_issue(*, action_id: int, now: datetime, actor: str) -> None:
    """Let both go their own way; the issue stays as it is. Raises ActionNotFound, NoIssue."""
    row = loading.lock_action(action_id)
    link = lock_link(action_id)
    url = link.url
    tracker = link.tracker
    link.delete()
    if row.ticket_url == url:
        row.ticket_url = ""
        row.save(update_fields=["ticket_url"])
    _tell(row, "unlinked", tracker, url=url, now=now, actor=actor)


@transaction.atomic
def look_at_issue(*, action_id: int, now: datetime) -> None:
    """Try again, or look again, now. Raises NoIssue."""
    link = lock_link(action_id)
    link.due_at = now
    link.save(update_fields=["due_at"])
    wake(MIRROR)


@transaction.atomic
def keep_action(*, action_id: int, now: datetime, actor: str) -> None:
    """The action is right: the issue is opened or closed like it.

    Raises ActionNotFound, NoIssue, NothingToChoose.
    """
    row = loading.lock_action(action_id)
    link = lock_link(action_id)
    if not link.clash or link.clash == Clash.GONE.value:
        raise errors.NothingToChoose
    # as if they had agreed on what the issue says: so it is the action that changed since
    link.agreed, link.clash, link.due_at = link.is_open, "", now
    link.save(update_fields=["agreed", "clash", "due_at"])
    _tell(row, "action kept", link.tracker, url=link.url, now=now, actor=actor)


@transaction.atomic
def keep_issue(*, action_id: int, reason: str, asker: Asker, now: datetime, actor: str) -> None:
    """The issue is right: the action follows it, by the rules of its steps.

    Raises ActionNotFound, NoIssue, NothingToChoose, ActionNotPossible.
    """
    row = loading.lock_action(action_id)
    link = lock_link(action_id)
    step = step_of(Clash(link.clash), is_open=bool(link.is_open)) if link.clash else None
    if step is None:
        raise errors.NothingToChoose
    link.agreed, link.clash, link.due_at = link.is_open, "", now
    link.save(update_fields=["agreed", "clash", "due_at"])
    if step is ActionStep.FINISH:
        follow_issue(row, step, proof=link.url, reason=f"{link.key} was closed", now=now)
    else:
        wish = Wish(step=step, reason=reason)
        move_action(action_id=action_id, wish=wish, asker=asker, now=now, actor=actor)
    _tell(row, "issue kept", link.tracker, url=link.url, now=now, actor=actor)


def lock_link(action_id: int) -> IssueLink:
    """The row, locked; lock the action first. Raises NoIssue."""
    rows = IssueLink.objects.select_for_update(of=("self",)).select_related("tracker")
    link = rows.filter(action_id=action_id).first()
    if link is None:
        raise errors.NoIssue(action_id=action_id)
    return link


def _unlinked(action_id: int) -> Action:
    row = loading.lock_action(action_id)
    if IssueLink.objects.filter(action=row).exists():
        raise errors.AlreadyLinked(action_id=action_id)
    return row


def _read(url: str) -> tuple[Tracker, str, str]:
    """The tracker, the key and the clean address of an issue."""
    try:
        address = loading.link_of(url, field="url").partition("#")[0].partition("?")[0]
    except errors.LinkWrong as error:
        raise errors.IssueAddressWrong(field="url") from error
    for row in Tracker.objects.filter(is_on=True):
        found = ports.tracker_type(row.type)
        key = found.key_of(queries.account_of(row).values, address) if found and address else None
        if key is not None and len(key) <= ports.KEY_LENGTH:
            return row, key, address
    raise errors.IssueAddressWrong(field="url")


def _tell(
    row: Action, what: str, tracker: Tracker, *, url: str = "", now: datetime, actor: str
) -> None:
    facts = loading.about_action(row, now=now, actor=actor)
    publish(events.ActionIssueChanged(**facts, what=what, tracker=tracker.name, url=url))
    wake(MIRROR)
