"""Starting pages: any number at once, the first step taken in the same transaction."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.db import transaction

from evenfall.identity import queries as identity_queries
from evenfall.paging import errors, events
from evenfall.paging.actions import notifying, storing
from evenfall.paging.actions.policies import ensure_default_policy
from evenfall.paging.actions.telling import Carried
from evenfall.paging.logic import machine, walk
from evenfall.paging.logic.policy import TargetSpec
from evenfall.paging.logic.walk import Outcome
from evenfall.paging.logic.words import TargetKind
from evenfall.paging.models import Page
from evenfall.paging.ports import PageContent, PageRequest, Urgency
from evenfall.paging.queries.directory import Snapshot, snapshot
from evenfall.paging.queries.live import LivePage
from evenfall.paging.queries.policies import Chosen, choose
from evenfall.platform.events import publish


def start_pages(*, requests: Sequence[PageRequest], now: datetime, actor: str) -> dict[str, int]:
    """Page for each subject, and take the first step; returns subject -> page id.

    A subject that has an open page keeps it: its id is returned and nothing else happens, so this
    may be repeated. The number of queries does not depend on the number of requests. When two
    transactions start the same subject, the second one waits for the first and returns its page.
    Locks: the new pages, then digests.
    """
    wanted = {request.subject: request for request in reversed(requests)}
    if not wanted:
        return {}
    with transaction.atomic(savepoint=False):
        chosen = _choose(list(wanted.values()), now)
        seen = _snapshot(wanted, chosen, now)
        begun = {
            subject: _first_outcome(request, chosen[subject], seen, now)
            for subject, request in wanted.items()
        }
        rows = [_row(wanted[s], chosen[s], begun[s], actor) for s in wanted]
        fresh = storing.insert_pages(rows)
        carried = [_carried(i, wanted[s], chosen[s], begun[s], now) for s, i in fresh.items()]
        facts = [_started(one, chosen[one.page.subject], now, actor) for one in carried]
        told = notifying.notify(carried, snapshot=seen, now=now, actor=actor)
        publish(*facts, *told)  # no wake-up: the first step is taken, the next one has a due time
        return {**_already_open(wanted.keys() - fresh.keys()), **fresh}


def page_by_hand(
    *,
    message: str,
    now: datetime,
    actor: str,
    service_id: int | None = None,
    team_id: int | None = None,
    policy_id: int | None = None,
    user_id: int | None = None,
    urgency: Urgency = Urgency.HIGH,
    url: str = "",
) -> int:
    """Page somebody because a human wants it; returns the page's id.

    `url` leads to what it is about. `user_id` is paged first; the policy that follows is then the
    one of their first team. Raises `NobodyToPage` when nothing says whom.
    """
    if not any((service_id, team_id, policy_id, user_id)):
        raise errors.NobodyToPage(field="service_id")
    if user_id is not None and not any((service_id, team_id, policy_id)):
        team_id = next(iter(identity_queries.team_ids_of(user_id)), None)
    request = PageRequest(
        subject=f"call:{uuid.uuid4().hex}",
        service_id=service_id,
        team_id=team_id,
        policy_id=policy_id,
        user_id=user_id,
        urgency=urgency,
        content=PageContent(title=message, since=now, url=url),
    )
    return start_pages(requests=[request], now=now, actor=actor)[request.subject]


def _choose(requests: Collection[PageRequest], now: datetime) -> dict[str, Chosen]:
    chosen = choose(requests)
    if len(chosen) < len(requests):
        ensure_default_policy(now=now)
        chosen = choose(requests)
    return chosen


def _snapshot(
    wanted: Mapping[str, PageRequest], chosen: Mapping[str, Chosen], now: datetime
) -> Snapshot:
    specs = {one.policy.version_id: one.policy.spec for one in chosen.values()}
    named = {request.user_id for request in wanted.values()} - {None}
    return snapshot(
        specs.values(),
        team_ids={one.team_id for one in chosen.values() if one.team_id is not None},
        at=now,
        extra_targets=[TargetSpec(kind=TargetKind.USER, id=user_id) for user_id in named],
    )


def _first_outcome(request: PageRequest, chosen: Chosen, seen: Snapshot, now: datetime) -> Outcome:
    state = machine.first_state(
        urgency=Urgency(request.urgency), severity=request.content.severity, now=now
    )
    spec = chosen.policy.spec
    decision = (
        machine.advance(state, spec, now=now)
        if request.user_id is None
        else machine.call_person(state, request.user_id, now=now)
    )
    return walk.carry_out(
        decision, policy=spec, team_id=chosen.team_id, directory=seen.directory, now=now
    )


def _row(request: PageRequest, chosen: Chosen, begun: Outcome, actor: str) -> dict[str, Any]:
    return {
        "subject": request.subject,
        "service_id": request.service_id,
        "team_id": chosen.team_id,
        "policy_version_id": chosen.policy.version_id,
        "content": msgspec.to_builtins(request.content),
        "started_by": actor,
        **storing.state_row(begun.state),
    }


def _carried(
    page_id: int, request: PageRequest, chosen: Chosen, begun: Outcome, now: datetime
) -> Carried:
    page = LivePage(
        id=page_id,
        subject=request.subject,
        team_id=chosen.team_id,
        service_id=request.service_id,
        spec=chosen.policy.spec,
        state=machine.first_state(
            urgency=Urgency(request.urgency), severity=request.content.severity, now=now
        ),
        content=request.content,
    )
    return Carried(page=page, outcome=begun)


def _started(one: Carried, chosen: Chosen, now: datetime, actor: str) -> events.PageStarted:
    page = one.page
    return events.PageStarted(
        page_id=page.id,
        subject=page.subject,
        service_id=page.service_id,
        team_id=page.team_id,
        policy_id=chosen.policy.id,
        policy_number=chosen.policy.number,
        urgency=page.state.urgency.value,
        severity=page.state.severity,
        title=page.content.title,
        at=now,
        actor=actor,
    )


def _already_open(subjects: Collection[str]) -> dict[str, int]:
    rows = Page.objects.filter(subject__in=subjects, ended_at=None)
    return dict(rows.values_list("subject", "id"))
