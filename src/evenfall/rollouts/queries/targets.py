"""Reads of targets. Secrets stay here: people see that there are some."""

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from msgspec import Struct

from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.queries import ServiceView
from evenfall.rollouts import errors, ports
from evenfall.rollouts.logic.plan import Plan, read_written
from evenfall.rollouts.models import Target


class TargetView(Struct, frozen=True, kw_only=True):
    """Where a service runs. `version` is for who changes it; `secret_names` are those that stand.

    `said_plan` is the plan as JSON.
    """

    id: int
    service: ServiceView
    environment: str
    traffic_kind: str
    traffic_label: str
    traffic: Mapping[str, str]
    deploy_kind: str
    deploy_label: str
    deploy: Mapping[str, str]
    secret_names: frozenset[str]
    plan: Plan
    said_plan: Mapping[str, Any]
    stable_side: str
    blue_version: str
    green_version: str
    version: int

    @property
    def stable_version(self) -> str:
        return self.blue_version if self.stable_side == "blue" else self.green_version


def targets(ids: Collection[int] | None = None) -> list[TargetView]:
    """Those that are in use, or these; by service and environment."""
    known = Target.objects.all()
    rows = known.filter(removed_at=None) if ids is None else known.filter(id__in=ids)
    return _views(rows.order_by("service__name", "environment", "id"))


def target(target_id: int) -> TargetView:
    """Raises TargetNotFound."""
    return _one(Target.objects.filter(id=target_id, removed_at=None))


def target_of(service_id: int, environment: str) -> TargetView:
    """Raises TargetNotFound."""
    found = find_target(service_id, environment)
    if found is None:
        raise errors.TargetNotFound
    return found


def find_target(service_id: int, environment: str) -> TargetView | None:
    """Where the service runs in this environment; None where nobody said it."""
    rows = Target.objects.filter(service_id=service_id, environment=environment, removed_at=None)
    return next(iter(_views(rows)), None)


def _one(rows: Iterable[Target]) -> TargetView:
    found = _views(rows)
    if not found:
        raise errors.TargetNotFound
    return found[0]


def _views(rows: Iterable[Target]) -> list[TargetView]:
    rows = list(rows)
    services = catalog_queries.services({row.service_id for row in rows})
    return [_view(row, services[row.service_id]) for row in rows]


def _view(row: Target, service: ServiceView) -> TargetView:
    port, deployer = ports.traffic_port(row.traffic_kind), ports.deployer(row.deploy_kind)
    return TargetView(
        id=row.pk,
        service=service,
        environment=row.environment,
        traffic_kind=row.traffic_kind,
        traffic_label=port.label if port else row.traffic_kind,
        traffic=row.traffic_settings,
        deploy_kind=row.deploy_kind,
        deploy_label=deployer.label if deployer else row.deploy_kind,
        deploy=row.deploy_settings,
        secret_names=_named("traffic", row.traffic_secrets) | _named("deploy", row.deploy_secrets),
        plan=read_written(row.plan),
        said_plan=row.plan,
        stable_side=row.stable_side,
        blue_version=row.blue_version,
        green_version=row.green_version,
        version=row.version,
    )


def _named(prefix: str, secrets: str) -> frozenset[str]:
    return frozenset(f"{prefix}_{name}" for name, text in json.loads(secrets).items() if text)
