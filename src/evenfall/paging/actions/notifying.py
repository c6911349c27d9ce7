"""From outcomes to people: what happened is stored, notices are planned, facts are published."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from evenfall.notifications import actions as notifications_actions
from evenfall.notifications import ports as notifications_ports
from evenfall.paging.actions import digesting, shadowing, storing, telling
from evenfall.paging.actions.telling import Carried, Moved
from evenfall.paging.logic import storm, texts
from evenfall.paging.logic.people import Found
from evenfall.paging.logic.rules import INBOX, Wishes, plan_notices_for
from evenfall.paging.logic.sentences import short_why
from evenfall.paging.logic.storm import Call
from evenfall.paging.logic.walk import Move, Outcome
from evenfall.paging.logic.window import OpenHours
from evenfall.paging.logic.words import Hours, Response, Urgency
from evenfall.paging.queries.directory import Snapshot
from evenfall.paging.queries.habits import Habits, habits_of
from evenfall.paging.queries.live import LivePage
from evenfall.paging.queries.rules import hours_of
from evenfall.platform.events import Event


def notify(
    carried: Sequence[Carried], *, snapshot: Snapshot, now: datetime, actor: str
) -> list[Event]:
    """Store the moves of these pages, plan the notices, and return the facts to publish.

    Must run in the transaction that locks or inserted the pages. Locks digests. The number of
    queries does not depend on the number of pages.
    """
    moved = _moves(carried)
    people = {found.user_id for one in carried for found in _everybody(one.outcome)}
    habits = habits_of(people, kinds=snapshot.kinds, since=now - storm.PERIOD)
    split = digesting.split_calls(_calls(carried), habits, now=now)
    wishes = _wishes(carried, habits, snapshot)
    digests = digesting.join_digests(split.digests, now=now)
    _store(moved, digests, now)
    notices = _single_notices(carried, split.single, snapshot, wishes, now)
    notices += digesting.notices(digests.values(), snapshot=snapshot, wishes=wishes)
    notifications_actions.plan_notices(notices=notices, now=now, ways=snapshot.ways)
    return list(telling.facts_of(moved, digests, now=now, actor=actor))


def _wishes(
    carried: Sequence[Carried], habits: Mapping[int, Habits], snapshot: Snapshot
) -> dict[int, Wishes]:
    """How each person wants to be reached. Hours are read only where something waits for them."""
    is_low = any(one.page.state.urgency is Urgency.LOW for one in carried)
    asking = {
        user_id
        for user_id, own in habits.items()
        if is_low or any(r.hours is Hours.WORKING and r.urgency is Urgency.HIGH for r in own.rules)
    }
    hours = hours_of(asking)
    return {
        user_id: Wishes(
            rules=own.rules,
            hours=hours.get(user_id, OpenHours()).window(snapshot.people[user_id].time_zone),
        )
        for user_id, own in habits.items()
    }


def _everybody(outcome: Outcome) -> tuple[Found, ...]:
    return (*outcome.people, *outcome.unreached)


def _calls(carried: Sequence[Carried]) -> list[Call]:
    return [
        Call(user_id=found.user_id, page_id=one.page.id)
        for one in carried
        for found in one.outcome.people
        if one.page.state.urgency is Urgency.HIGH
    ]


def _moves(carried: Sequence[Carried]) -> Moved:
    return [
        (one, move)
        for one in carried
        for move in one.outcome.moves
        if move.step is not None or move.found or move.missing
    ]


def _store(moved: Moved, digests: Mapping[int, digesting.OpenDigest], now: datetime) -> None:
    """Write what each page did, with those whom it notified first by it."""
    seen: set[tuple[int, int]] = set()
    storing.insert_moves(
        [
            {
                "page_id": one.page.id,
                "at": now,
                "reason": move.reason.value,
                "round": move.round,
                "step": move.step,
                "missing": move.missing,
                "people": [_person(one, found, digests) for found in _first(one, move, seen)],
            }
            for one, move in moved
        ]
    )


def _first(one: Carried, move: Move, seen: set[tuple[int, int]]) -> Iterator[Found]:
    """Those who hear of this page for the first time; `seen` remembers them."""
    unreached = {found.user_id for found in one.outcome.unreached}
    missed = (
        Found(user_id=miss.user_id, why=miss.why)
        for miss in move.missing
        if miss.user_id in unreached
    )
    for found in (*move.found, *missed):
        if (one.page.id, found.user_id) not in seen:
            seen.add((one.page.id, found.user_id))
            yield found


def _person(
    one: Carried, found: Found, digests: Mapping[int, digesting.OpenDigest]
) -> dict[str, Any]:
    return {
        "user_id": found.user_id,
        "digest_id": digesting.digest_id(digests, found.user_id, one.page.id),
        "why": found.why[:200],
        "is_reachable": all(found.user_id != other.user_id for other in one.outcome.unreached),
    }


def _single_notices(
    carried: Sequence[Carried],
    single: Iterable[Call],
    snapshot: Snapshot,
    wishes: Mapping[int, Wishes],
    now: datetime,
) -> list[notifications_ports.NewNotice]:
    alone = {(call.user_id, call.page_id) for call in single}
    notices = []
    for one in carried:
        found_alone = [
            found
            for found in _everybody(one.outcome)
            if one.page.state.urgency is Urgency.LOW
            or found in one.outcome.unreached
            or (found.user_id, one.page.id) in alone
        ]
        for found in found_alone:
            notices += notices_for(one, found, snapshot, wishes[found.user_id], now)
        notices += _copies(one, {found.user_id for found in found_alone}, snapshot, now)
    return notices


def _copies(
    one: Carried, paged: Collection[int], snapshot: Snapshot, now: datetime
) -> Iterator[notifications_ports.NewNotice]:
    """What those who learn beside the people paged get."""
    for user_id, beside in shadowing.learners(one, paged=paged, snapshot=snapshot).items():
        yield from shadowing.copies(
            one.page.id,
            user_id,
            beside=beside,
            content=content_for(one.page, why="", zone=snapshot.people[user_id].time_zone),
            kinds=snapshot.kinds.get(user_id, ()),
            now=now,
        )


def notices_for(
    one: Carried,
    found: Found,
    snapshot: Snapshot,
    wishes: Wishes,
    now: datetime,
) -> list[notifications_ports.NewNotice]:
    """The notices of one person about one page, by their rules, until the policy moves on."""
    state = one.outcome.state
    person = snapshot.people[found.user_id]
    planned = plan_notices_for(
        wishes.rules,
        urgency=state.urgency,
        team_id=one.page.team_id,
        start=now,
        cut_off=state.due_at if state.urgency is Urgency.HIGH else None,
        working=wishes.hours,
        kinds=snapshot.kinds.get(found.user_id, ()),
    )
    content = content_for(
        one.page,
        why=short_why(found.why),
        zone=person.time_zone,
        only_inbox={notice.kind for notice in planned} == {INBOX},
    )
    return [
        notifications_ports.NewNotice(
            user_id=found.user_id,
            subject=f"page:{one.page.id}",
            purpose="page",
            kind=notice.kind,
            urgency=state.urgency.value,
            due_at=notice.due_at,
            content=content,
        )
        for notice in planned
    ]


def content_for(
    page: LivePage, *, why: str, zone: str, only_inbox: bool = False
) -> notifications_ports.Content:
    """What a notice says to one reader; times are in the reader's `zone`."""
    said = page.content
    return notifications_ports.Content(
        title=texts.headline(said.title, service=said.service, severity=page.state.severity),
        lines=texts.body(
            why=why,
            summary=said.summary,
            since=said.since,
            alert_count=said.alert_count,
            last_change=said.last_change,
            log_lines=said.log_lines,
            runbook_url=said.runbook_url,
            dashboard_url=said.dashboard_url,
            zone=zone,
            only_inbox=only_inbox,
        ),
        url=f"/pages/{page.id}/",
        severity=page.state.severity or "",
        actions=offers(texts.OFFERED),
        tag=f"page-{page.id}",
        about=(about(page, zone=zone),),
    )


def about(page: LivePage, *, zone: str) -> notifications_ports.About:
    """The page in parts; `zone` is that of the reader."""
    return notifications_ports.About(
        what=page.content.title,
        service=page.content.service,
        severity=page.state.severity or "",
        since=page.content.since,
        zone=zone,
    )


def offers(responses: Iterable[Response]) -> tuple[notifications_ports.Action, ...]:
    return tuple(
        notifications_ports.Action(name=response.value, label=texts.LABELS[response])
        for response in responses
    )
