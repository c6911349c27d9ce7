"""Escalation policies, as a manifest wants them: each save is a version."""

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
from evenfall.paging.ports import (
    PolicySpec,
    StepSpec,
    TargetSpec,
    WeeklyWindow,
)


def policy(change: Change, hands: Hands) -> int:
    """Make, save or archive a policy, and let exactly the named services and teams use it."""
    before, after, own_id = change.before, change.after, change.own_id
    if isinstance(before, specs.Policy):
        hands.team(before.team)
    if not isinstance(after, specs.Policy):
        policy_id = own_id or 0
        _use(policy_id, specs.UsedBy(), hands)
        paging_actions.archive_policy(policy_id=policy_id, **hands.signed)
        return policy_id
    said: dict[str, Any] = {
        "name": after.name,
        "description": after.description,
        "team_id": hands.team(after.team),
        "spec": _spec(after, hands),
    }
    if own_id is None:
        own_id = paging_actions.create_policy(**said, **hands.signed)
    elif _without_use(before) != _without_use(after):
        paging_actions.save_policy(policy_id=own_id, **said, **hands.signed)
    if after.used_by is not None:
        _use(own_id, after.used_by, hands)
    return own_id


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


def _use(policy_id: int, wanted: specs.UsedBy, hands: Hands) -> None:
    """Give it to whoever is named, and take it from whoever has it still and is not."""
    there = paging_queries.policy(policy_id)
    services = {hands.names.id("services", key) for key in wanted.services}
    teams = {hands.names.id("teams", key) for key in wanted.teams}
    for service_id in services ^ {*there.service_ids}:
        hands.manage(catalog_queries.service(service_id).team_id)
        chosen = policy_id if service_id in services else None
        paging_actions.assign_policy(policy_id=chosen, service_id=service_id, **hands.signed)
    for team_id in teams ^ {*there.team_ids}:
        hands.manage(team_id)
        chosen = policy_id if team_id in teams else None
        paging_actions.assign_policy(policy_id=chosen, team_id=team_id, **hands.signed)
