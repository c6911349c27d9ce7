"""Saying where versions of a service run, and how traffic is led there."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from msgspec import Struct, field

from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.ports import Environment
from evenfall.platform.errors import Conflict
from evenfall.platform.events import publish
from evenfall.rollouts import errors, events, ports
from evenfall.rollouts.logic.plan import Do, Plan, PlanUnclear, read_plan, written
from evenfall.rollouts.models import Rollout, Target
from evenfall.rollouts.ports import (
    BASELINE,
    Capabilities,
    Deployer,
    FieldType,
    StepField,
    TrafficPort,
)

MOST: Final = 20_000


class TargetWish(Struct, frozen=True, kw_only=True):
    """What a target should be. Secrets that are left empty stay, as long as nothing else of their
    kind changes. `plan` is as `logic.plan.read_plan` takes it.
    """

    environment: str
    traffic_kind: str
    traffic: Mapping[str, str]
    deploy_kind: str = "none"
    deploy: Mapping[str, str] = field(default_factory=dict)
    plan: Mapping[str, Any]
    blue_version: str = ""
    green_version: str = ""
    stable_side: str = "blue"


def checked_plan(said: Mapping[str, Any]) -> Plan:
    """Read a plan; raises PlanWrong."""
    try:
        return read_plan(said)
    except PlanUnclear as error:
        raise errors.PlanWrong(field="plan", reason=str(error)) from error


def fitting_plan(
    said: Mapping[str, Any],
    port: TrafficPort | None,
    traffic: Mapping[str, str],
    deployer: Deployer | None,
    deploy: Mapping[str, str],
) -> Plan:
    """Read a plan that these can carry out, with these settings; raises PlanWrong."""
    plan, can = checked_plan(said), port.capabilities if port else Capabilities()
    if not can.weights and any(step.weight for step in plan.steps):
        reason = "This port leads all requests to one side: only blue/green fits it."
        raise errors.PlanWrong(field="plan", reason=reason)
    if not can.headers and any(step.do is Do.HEADERS for step in plan.steps):
        raise errors.PlanWrong(field="plan", reason="This port knows no header routes.")
    if plan.baseline and not can.baseline:
        reason = (
            "This port leads requests to two sides only. Leave the baseline out; the new version "
            "is then compared with the stable side."
        )
        raise errors.PlanWrong(field="plan", reason=reason)
    if port is not None and any(step.do is Do.HEADERS for step in plan.steps):
        _check_filled(port, can.needs.get("headers", ""), traffic, "Header routes need")
    if port is not None and plan.baseline:
        _check_filled(port, can.needs.get("baseline", ""), traffic, "A baseline needs")
    if deployer is not None and plan.baseline:
        name = BASELINE if BASELINE in {one.name for one in deployer.fields} else ""
        _check_filled(deployer, name, deploy, "A baseline needs")
    return plan


def _check_filled(
    kind: TrafficPort | Deployer, name: str, settings: Mapping[str, str], who: str
) -> None:
    """Raise PlanWrong where the setting that this needs is empty; "" needs none."""
    if name and not settings.get(name):
        label = next(one.label for one in kind.fields if one.name == name)
        raise errors.PlanWrong(field="plan", reason=f"{who} “{label}”: fill that in.")


@transaction.atomic
def add_target(*, service_id: int, wish: TargetWish, now: datetime, actor: str) -> int:
    """Say where a service runs; returns the id. Raises TargetUnclear, PlanWrong, TargetThere."""
    service = catalog_queries.service(service_id)
    row = Target(service_id=service_id)
    _fill(row, wish, now=now, actor=actor)
    _save(row, service.name)
    _tell(row, {}, _shown(row), now=now, actor=actor)
    return row.pk


@transaction.atomic
def change_target(
    *, target_id: int, version: int, wish: TargetWish, now: datetime, actor: str
) -> None:
    """Say something else about it; not while a rollout is under way, which reads it.

    Raises TargetNotFound, TargetBusy, TargetThere, TargetUnclear, PlanWrong, and Conflict where
    somebody changed it since `version`.
    """
    row = locked_target(target_id)
    if row.version != version:
        raise Conflict
    _check_idle(row)
    before = _shown(row)
    _fill(row, wish, now=now, actor=actor)
    row.version += 1
    _save(row, catalog_queries.service(row.service_id).name)
    _tell(row, before, _shown(row), now=now, actor=actor)


@transaction.atomic
def remove_target(*, target_id: int, now: datetime, actor: str) -> None:
    """Lead its traffic no more; its rollouts stay to be read. Raises TargetNotFound, TargetBusy."""
    row = locked_target(target_id)
    _check_idle(row)
    before = _shown(row)
    row.removed_at, row.traffic_secrets, row.deploy_secrets = now, "{}", "{}"
    row.save(update_fields=["removed_at", "traffic_secrets", "deploy_secrets"])
    _tell(row, before, {}, now=now, actor=actor)


def locked_target(target_id: int) -> Target:
    """Lock it; raises TargetNotFound."""
    row = (
        Target.objects.select_for_update(no_key=True).filter(id=target_id, removed_at=None).first()
    )
    if row is None:
        raise errors.TargetNotFound
    return row


def _save(row: Target, service: str) -> None:
    """Save it; raises TargetThere where the service has one in this environment."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise errors.TargetThere(service=service, environment=row.environment) from error


def _check_idle(row: Target) -> None:
    if Rollout.objects.filter(target=row, ended_at=None).exists():
        raise errors.TargetBusy


def _fill(row: Target, wish: TargetWish, *, now: datetime, actor: str) -> None:
    port, deployer = ports.traffic_port(wish.traffic_kind), ports.deployer(wish.deploy_kind)
    if port is None or deployer is None:
        which = "traffic_kind" if port is None else "deploy_kind"
        raise errors.TargetUnclear(field=which, reason="This installation does not offer it.")
    row.environment = _environment(wish.environment)
    kept = (row.traffic_kind == port.name, row.traffic_settings, row.traffic_secrets)
    row.traffic_settings, row.traffic_secrets = _sorted(port, "traffic", wish.traffic, kept)
    kept = (row.deploy_kind == deployer.name, row.deploy_settings, row.deploy_secrets)
    row.deploy_settings, row.deploy_secrets = _sorted(deployer, "deploy", wish.deploy, kept)
    row.traffic_kind, row.deploy_kind = port.name, deployer.name
    row.plan = written(
        fitting_plan(wish.plan, port, row.traffic_settings, deployer, row.deploy_settings)
    )
    row.blue_version, row.green_version = wish.blue_version[:120], wish.green_version[:120]
    if wish.stable_side not in {"blue", "green"}:
        raise errors.TargetUnclear(field="stable_side", reason="Say blue or green.")
    row.stable_side, row.changed_at, row.changed_by = wish.stable_side, now, actor


def _environment(word: str) -> str:
    try:
        return Environment(word).value
    except ValueError as error:
        reason = f"Say one of {', '.join(Environment)}."
        raise errors.TargetUnclear(field="environment", reason=reason) from error


def _sorted(
    kind: TrafficPort | Deployer,
    prefix: str,
    given: Mapping[str, str],
    kept: tuple[bool, Mapping[str, str], str],
) -> tuple[dict[str, str], str]:
    """The settings that may be read, and the secrets as JSON; raises TargetUnclear."""
    is_same, before, before_secrets = kept
    strange = sorted(set(given) - {one.name for one in kind.fields})
    if strange:
        reason = f"{strange[0][:40]} is no setting of it."
        raise errors.TargetUnclear(field=prefix, reason=reason)
    texts = {one.name: _text(one, prefix, given) for one in kind.fields}
    secret = {one.name for one in kind.fields if one.type is FieldType.SECRET}
    settings = {name: text for name, text in texts.items() if name not in secret}
    old = json.loads(before_secrets) if is_same and settings == dict(before) else {}
    secrets = {name: texts[name] or old.get(name, "") for name in secret}
    _check_there(kind.fields, prefix, {**settings, **secrets})
    kind.check({**settings, **secrets})
    return settings, json.dumps(secrets)


def _text(one: StepField, prefix: str, given: Mapping[str, str]) -> str:
    text = given.get(one.name, "").replace("\0", "").strip() or one.default
    if len(text) > MOST:
        raise errors.TargetUnclear(field=f"{prefix}_{one.name}", reason="This is too long.")
    if one.type is FieldType.CHOICE and text not in {value for value, _ in one.choices}:
        raise errors.TargetUnclear(field=f"{prefix}_{one.name}", reason="Choose one of these.")
    return text


def _check_there(fields: Sequence[StepField], prefix: str, texts: Mapping[str, str]) -> None:
    for one in fields:
        if one.required and not texts[one.name]:
            reason = f"{one.label}: fill this in."
            raise errors.TargetUnclear(field=f"{prefix}_{one.name}", reason=reason)


def _shown(row: Target) -> dict[str, Any]:
    return {
        "environment": row.environment,
        "traffic_kind": row.traffic_kind,
        "traffic": row.traffic_settings,
        "deploy_kind": row.deploy_kind,
        "deploy": row.deploy_settings,
        "plan": row.plan,
        "stable_side": row.stable_side,
        "blue_version": row.blue_version,
        "green_version": row.green_version,
    }


def _tell(
    row: Target, before: dict[str, Any], after: dict[str, Any], *, now: datetime, actor: str
) -> None:
    publish(
        events.TargetChanged(
            target_id=row.pk,
            service_id=row.service_id,
            environment=row.environment,
            before=before,
            after=after,
            at=now,
            actor=actor,
        )
    )
