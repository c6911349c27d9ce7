"""Which services and teams page by which policy: said for one or for many at once."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from msgspec import Struct

from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.errors import ServiceNotFound
from evenfall.identity import queries as identity_queries
from evenfall.identity.errors import TeamNotFound
from evenfall.paging import errors, events
from evenfall.paging.models import Policy, PolicyAssignment
from evenfall.platform.events import publish
from evenfall.platform.locks import locked


class Assignment(Struct, frozen=True, kw_only=True):
    """What a service or a team pages by, exactly one of both; no policy is the inherited one."""

    policy_id: int | None
    service_id: int | None = None
    team_id: int | None = None

    @property
    def target(self) -> str:
        """As the journal names it."""
        if self.service_id is not None:
            return f"service:{self.service_id}"
        return f"team:{self.team_id}"


def assign_policy(
    *,
    policy_id: int | None,
    now: datetime,
    actor: str,
    service_id: int | None = None,
    team_id: int | None = None,
) -> None:
    """Let a service, or a team, page by this policy; as `assign_policies`."""
    one = Assignment(policy_id=policy_id, service_id=service_id, team_id=team_id)
    assign_policies(wanted=[one], now=now, actor=actor)


def assign_policies(*, wanted: Collection[Assignment], now: datetime, actor: str) -> None:
    """Let services and teams page by these policies, all or nothing; each is named once.

    The number of statements is the same however many. Locks the policies. Raises
    `PolicyNotFound`, `ServiceNotFound` and `TeamNotFound`.
    """
    services = {one.service_id for one in wanted if one.service_id is not None}
    teams = {one.team_id for one in wanted if one.team_id is not None}
    _refuse_unknown(services, teams)
    with transaction.atomic():
        locked(
            Policy.objects.filter(archived_at=None),
            {one.policy_id for one in wanted if one.policy_id is not None},
            lost=lambda lost: errors.PolicyNotFound(policy_id=lost),
        )
        rows = PolicyAssignment.objects.filter(Q(service_id__in=services) | Q(team_id__in=teams))
        there = {_target(row): row for row in rows}
        gone = [there[one.target].id for one in wanted if not one.policy_id and one.target in there]
        if gone:
            PolicyAssignment.objects.filter(id__in=gone).delete()
        _save(wanted)
        publish(*(_fact(one, there.get(one.target), now=now, actor=actor) for one in wanted))


def _refuse_unknown(service_ids: Collection[int], team_ids: Collection[int]) -> None:
    services = catalog_queries.services(service_ids)
    for service_id in service_ids:
        if service_id not in services:
            raise ServiceNotFound(service=service_id)
    teams = {team.id for team in identity_queries.teams(team_ids)} if team_ids else set()
    for team_id in team_ids:
        if team_id not in teams:
            raise TeamNotFound(team=team_id)


def _save(wanted: Collection[Assignment]) -> None:
    """Services and teams apart: a row that is there already is found by the one or the other."""
    for field in ("service", "team"):
        PolicyAssignment.objects.bulk_create(
            [
                PolicyAssignment(
                    policy_id=one.policy_id, service_id=one.service_id, team_id=one.team_id
                )
                for one in wanted
                if one.policy_id is not None and getattr(one, f"{field}_id") is not None
            ],
            update_conflicts=True,
            unique_fields=[field],
            update_fields=["policy"],
        )


def _target(row: PolicyAssignment) -> str:
    return Assignment(policy_id=None, service_id=row.service_id, team_id=row.team_id).target


def _fact(
    one: Assignment, was: PolicyAssignment | None, *, now: datetime, actor: str
) -> events.PolicyAssigned:
    return events.PolicyAssigned(
        target=one.target,
        before={"policy_id": was.policy_id if was else None},
        after={"policy_id": one.policy_id},
        at=now,
        actor=actor,
    )
