"""Escalation policies, as a manifest wants them: each save is a version."""

from collections.abc import Collection, Mapping, Sequence
from datetime import time
from typing import Any

from evenfall.catalog import queries as catalog_queries
from evenfall.manifests.actions.hands import Hands
from evenfall.manifests.logic import specs
from evenfall.manifests.logic.planning import Change
from evenfall.manifests.logic.specs import WEEKDAYS
from evenfall.manifests.queries.live_policies import OF
from evenfall.manifests.queries.names import PEOPLE
from evenfall.paging import actions as paging_actions
from evenfall.paging import queries as paging_queries
from evenfall.paging.actions import Assignment
from evenfall.paging.ports import (
    PolicySpec,
    StepSpec,
    TargetSpec,
    WeeklyWindow,
)


def policies(changes: Sequence[Change], hands: Hands) -> list[int]:
    """Make, save or archive policies, and let exactly the named services and teams use them."""
    own_ids = [_saved(change, hands) for change in changes]
    uses = {
        own_id: used_by
        for own_id, change in zip(own_ids, changes, strict=True)
        if (used_by := _wanted_use(change)) is not None
    }
    if uses:
        _use(uses, hands)
    for own_id, change in zip(own_ids, changes, strict=True):
        if not isinstance(change.after, specs.Policy):
            paging_actions.archive_policy(policy_id=own_id, **hands.signed)
    return own_ids


def _saved(change: Change, hands: Hands) -> int:
    before, after, own_id = change.before, change.after, change.own_id
    if isinstance(before, specs.Policy):
        hands.team(before.team)
    if not isinstance(after, specs.Policy):
        return own_id or 0
    said: dict[str, Any] = {
        "name": after.name,
        "description": after.description,
        "team_id": hands.team(after.team),
        "spec": _spec(after, hands),
    }
    if own_id is None:
        return paging_actions.create_policy(**said, **hands.signed)
    if _without_use(before) != _without_use(after):
        paging_actions.save_policy(policy_id=own_id, **said, **hands.signed)
    return own_id


def _wanted_use(change: Change) -> specs.UsedBy | None:
    """None leaves it as it is; what goes is used by nobody."""
    after = change.after
    return after.used_by if isinstance(after, specs.Policy) else specs.UsedBy()


def _without_use(spec: specs.Spec | None) -> tuple[object, ...]:
    if not isinstance(spec, specs.Policy):
        return ()
    return tuple(getattr(spec, name) for name in spec.__struct_fields__ if name != "used_by")


def _spec(said: specs.Policy, hands: Hands) -> PolicySpec:
    return PolicySpec(
        steps=tuple(_step(step, hands) for step in said.steps),
        rounds=said.rounds,
        at_end=said.at_end,
        catch_all_user_id=hands.names.id_or_none(PEOPLE, said.catch_all),
        ack_timeout_minutes=said.ack_timeout_minutes,
    )


def _step(said: specs.Step, hands: Hands) -> StepSpec:
    window = said.window
    return StepSpec(
        targets=tuple(_target(target, hands) for target in said.targets),
        delay_minutes=said.delay_minutes,
        severities=frozenset(one.value for one in said.severities),
        window=None
        if window is None
        else WeeklyWindow(
            zone=window.zone,
            days=frozenset(WEEKDAYS.index(day) for day in window.days),
            start=time.fromisoformat(window.start),
            end=time.fromisoformat(window.end),
        ),
    )


def _target(said: specs.Target, hands: Hands) -> TargetSpec:
    of = OF.get(said.kind)
    return TargetSpec(kind=said.kind, id=hands.names.id_or_none(of, said.of) if of else None)


def _use(wanted: Mapping[int, specs.UsedBy], hands: Hands) -> None:
    """Give policies to whoever is named, and take them from whoever has them and is not.

    What goes from one of them to another is told once.
    """
    there = {one.id: one for one in paging_queries.policies() if one.id in wanted}
    services: dict[int, int | None] = {}
    teams: dict[int, int | None] = {}
    for policy_id, used_by in wanted.items():
        chosen = {hands.names.id("services", key) for key in used_by.services}
        _give(services, policy_id, chosen, there[policy_id].service_ids)
        chosen = {hands.names.id("teams", key) for key in used_by.teams}
        _give(teams, policy_id, chosen, there[policy_id].team_ids)
    for one in catalog_queries.services(services).values():
        hands.manage(one.team_id)
    for team_id in teams:
        hands.manage(team_id)
    given = [
        *(Assignment(policy_id=policy, service_id=one) for one, policy in services.items()),
        *(Assignment(policy_id=policy, team_id=one) for one, policy in teams.items()),
    ]
    if given:
        paging_actions.assign_policies(wanted=given, **hands.signed)


def _give(
    given: dict[int, int | None], policy_id: int, chosen: set[int], there: Collection[int]
) -> None:
    for one in sorted(chosen.difference(there)):
        given[one] = policy_id
    for one in sorted({*there} - chosen):
        given.setdefault(one, None)
