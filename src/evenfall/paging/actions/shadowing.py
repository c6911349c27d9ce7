"""Copies of pages for whoever learns beside those on call: nothing to answer, and no sound."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from msgspec.structs import replace

from evenfall.notifications.ports import Content, NewNotice
from evenfall.paging.actions.telling import Carried
from evenfall.paging.logic.people import shadows_of
from evenfall.paging.logic.rules import INBOX
from evenfall.paging.logic.words import Reason, Urgency
from evenfall.paging.queries.directory import Snapshot

SILENT = frozenset({INBOX, "email"})
PURPOSE = "shadow"
COPY = "A copy for you to learn from: {} was paged. Nobody waits for your answer."


def copies(
    page_id: int,
    user_id: int,
    *,
    beside: Sequence[str],
    content: Content,
    kinds: Collection[str],
    now: datetime,
) -> Iterator[NewNotice]:
    """The page for one learner; `beside` are the names of those who were paged."""
    said = COPY.format(" and ".join(beside))
    copy = replace(content, lines=(said, *content.lines), actions=())
    for kind in sorted(SILENT & {*kinds, INBOX}):
        yield NewNotice(
            user_id=user_id,
            subject=f"page:{page_id}",
            purpose=PURPOSE,
            kind=kind,
            urgency=Urgency.LOW.value,
            due_at=now,
            content=copy,
        )


def learners(one: Carried, *, paged: Collection[int], snapshot: Snapshot) -> dict[int, list[str]]:
    """Who learns beside those of the `paged` whom a first step found, with the names of these.

    Later rounds teach nothing new, and whoever is paged needs no copy. Pages that are gathered in
    a digest are nobody's to copy: a storm needs no spectators.
    """
    taken = (move for move in one.outcome.moves if move.reason is Reason.STEP_TAKEN)
    found = {person.user_id for move in taken if move.round == 1 for person in move.found}
    everybody = {person.user_id for person in one.outcome.people}
    beside: dict[int, list[str]] = {}
    for user_id in sorted(found & set(paged)):
        page = one.page
        for shadow in shadows_of(user_id, page.spec, page.team_id, snapshot.directory):
            if shadow not in everybody:
                beside.setdefault(shadow, []).append(snapshot.people[user_id].name)
    return beside
