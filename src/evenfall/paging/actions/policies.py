"""Writing policies: every save makes a new version, and open pages keep the one they began with."""

from datetime import datetime
from typing import Any

import msgspec
from django.db import IntegrityError, transaction

from evenfall.identity import queries as identity_queries
from evenfall.paging import errors, events
from evenfall.paging.logic.people import ROTA_KINDS
from evenfall.paging.logic.policy import DEFAULT_POLICY, PolicySpec, TargetSpec, problems
from evenfall.paging.logic.sentences import Names
from evenfall.paging.logic.words import TargetKind
from evenfall.paging.models import Policy, PolicyVersion
from evenfall.paging.queries.live import spec_of
from evenfall.paging.queries.naming import names_in
from evenfall.platform.events import SYSTEM, publish

GONE = "One of these rotas, teams or people does not exist any more. Choose again."


def create_policy(
    *,
    name: str,
    spec: PolicySpec,
    now: datetime,
    actor: str,
    description: str = "",
    team_id: int | None = None,
) -> int:
    """Create a policy with its version 1; returns its id.

    Raises `PolicyInvalid` (with the field) and `PolicyNameTaken`.
    """
    check_policy(spec, team_id)
    with transaction.atomic():
        policy = Policy(name=name, description=description, team_id=team_id, created_at=now)
        _save_named(policy)
        _add_version(policy, spec, now, actor)
        publish(_changed(policy, {}, _as_dict(policy, spec), now, actor))
        return policy.id


def save_policy(
    *,
    policy_id: int,
    name: str,
    spec: PolicySpec,
    now: datetime,
    actor: str,
    description: str = "",
    team_id: int | None = None,
    seen_number: int | None = None,
) -> int:
    """Save a new version; returns its number. Open pages go on with the version they have.

    `seen_number` is the version that was edited: `PolicyChanged` when somebody was faster. Locks
    the policy. Raises also `PolicyNotFound`, `PolicyInvalid`, `PolicyNameTaken`.
    """
    check_policy(spec, team_id)
    with transaction.atomic():
        policy = _locked(policy_id)
        if seen_number not in {None, policy.number}:
            raise errors.PolicyChanged(number=policy.number)
        before = _as_dict(policy, _newest(policy))
        policy.name, policy.description, policy.team_id = name, description, team_id
        policy.number += 1
        _save_named(policy)
        _add_version(policy, spec, now, actor)
        publish(_changed(policy, before, _as_dict(policy, spec), now, actor))
        return policy.number


def archive_policy(*, policy_id: int, now: datetime, actor: str) -> None:
    """Take a policy out of use; raises `PolicyInUse` while anything pages by it.

    Open pages that follow it go on. Locks the policy.
    """
    with transaction.atomic():
        policy = _locked(policy_id)
        if policy.is_default or policy.assignments.exists():
            raise errors.PolicyInUse
        policy.archived_at = now
        policy.save(update_fields=["archived_at"])
        before = _as_dict(policy, _newest(policy))
        publish(_changed(policy, before, {"archived": True}, now, actor))


def ensure_default_policy(*, now: datetime) -> int:
    """Create the default policy if there is none; returns its id.

    A migration makes it; this mends a database in which it was lost. When two callers race, the
    unique index lets one create it and the other find it.
    """
    existing = Policy.objects.filter(is_default=True).first()
    if existing is not None:
        return existing.id
    try:
        with transaction.atomic():
            policy = Policy.objects.create(name="Default", is_default=True, created_at=now)
            _add_version(policy, DEFAULT_POLICY, now, SYSTEM)
    except IntegrityError:
        return Policy.objects.get(is_default=True).id
    return policy.id


def check_policy(spec: PolicySpec, team_id: int | None) -> None:
    """Raise `PolicyInvalid` for the first flaw, and `TeamNotFound` for an unknown owner."""
    for problem in problems(spec):
        raise errors.PolicyInvalid(field=problem.field, reason=problem.message)
    if team_id is not None:
        identity_queries.team(team_id)
    names = names_in([spec])
    for number, step in enumerate(spec.steps):
        if not all(_is_known(target, names) for target in step.targets):
            raise errors.PolicyInvalid(field=f"steps.{number}.targets", reason=GONE)
    if not all(_is_known(target, names) for target in spec.last_targets):
        raise errors.PolicyInvalid(field="catch_all_user_id", reason=GONE)


def _is_known(target: TargetSpec, names: Names) -> bool:
    if target.id is None:
        return True
    if target.kind is TargetKind.USER:
        return target.id in names.people
    return target.id in (names.rotas if target.kind in ROTA_KINDS else names.teams)


def _locked(policy_id: int) -> Policy:
    rows = Policy.objects.select_for_update().filter(id=policy_id, archived_at=None)
    policy = rows.first()
    if policy is None:
        raise errors.PolicyNotFound(policy_id=policy_id)
    return policy


def _save_named(policy: Policy) -> None:
    taken = Policy.objects.filter(name=policy.name).exclude(id=policy.id)
    if taken.exists():
        raise errors.PolicyNameTaken(name=policy.name)
    policy.save()


def _add_version(policy: Policy, spec: PolicySpec, now: datetime, actor: str) -> None:
    PolicyVersion.objects.create(
        policy=policy,
        number=policy.number,
        steps=msgspec.to_builtins(spec.steps),
        rounds=spec.rounds,
        at_end=spec.at_end.value,
        catch_all_user_id=spec.catch_all_user_id,
        ack_timeout_minutes=spec.ack_timeout_minutes,
        created_at=now,
        created_by=actor,
    )


def _newest(policy: Policy) -> PolicySpec:
    return spec_of(policy.versions.get(number=policy.number))


def _as_dict(policy: Policy, spec: PolicySpec) -> dict[str, Any]:
    said: dict[str, Any] = msgspec.to_builtins(spec)
    return {"name": policy.name, "number": policy.number, "team_id": policy.team_id, **said}


def _changed(
    policy: Policy, before: dict[str, Any], after: dict[str, Any], now: datetime, actor: str
) -> events.PolicyChanged:
    return events.PolicyChanged(
        policy_id=policy.id, before=before, after=after, at=now, actor=actor
    )
