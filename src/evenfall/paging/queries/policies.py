"""Named reads of policies: what they say, and which one a page follows."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import F, Q
from msgspec import Struct

from evenfall.catalog import queries as catalog_queries
from evenfall.paging import errors
from evenfall.paging.logic.policy import PolicySpec
from evenfall.paging.models import Policy, PolicyAssignment, PolicyVersion
from evenfall.paging.ports import PageRequest
from evenfall.paging.queries.live import spec_of


class PolicyView(Struct, frozen=True, kw_only=True):
    """A policy with its newest version, and the services and teams that use it by choice."""

    id: int
    name: str
    description: str
    team_id: int | None
    is_default: bool
    number: int
    version_id: int
    spec: PolicySpec
    service_ids: tuple[int, ...] = ()
    team_ids: tuple[int, ...] = ()


class VersionView(Struct, frozen=True, kw_only=True):
    number: int
    created_at: datetime
    created_by: str
    spec: PolicySpec


class Chosen(Struct, frozen=True, kw_only=True):
    """What a page request comes to: its service's team, and the policy version to follow."""

    team_id: int | None
    policy: PolicyView


def policies() -> list[PolicyView]:
    """All policies that are not archived: the default one first, then by name."""
    return _views(Q(policy__archived_at=None))


def policy(policy_id: int) -> PolicyView:
    """Raise `PolicyNotFound` when there is none, or it was archived."""
    found = _views(Q(policy_id=policy_id, policy__archived_at=None))
    if not found:
        raise errors.PolicyNotFound(policy_id=policy_id)
    return found[0]


def default_policy() -> PolicyView | None:
    return next(iter(_views(Q(policy__is_default=True))), None)


def versions(policy_id: int) -> list[VersionView]:
    """Every version of a policy, the newest first."""
    return [
        VersionView(
            number=row.number,
            created_at=row.created_at,
            created_by=row.created_by,
            spec=spec_of(row),
        )
        for row in PolicyVersion.objects.filter(policy_id=policy_id).order_by("-number")
    ]


def policy_names() -> dict[int, str]:
    """Policies to choose from, by name."""
    rows = Policy.objects.filter(archived_at=None).order_by("name")
    return dict(rows.values_list("id", "name"))


class Chooser(Struct, frozen=True):
    """Which policy a page follows, among the policies as they were read."""

    by_id: dict[int, PolicyView]
    by_service: dict[int, PolicyView]
    by_team: dict[int, PolicyView]
    fallback: PolicyView | None

    @classmethod
    def of(cls, found: Collection[PolicyView]) -> "Chooser":
        return cls(
            by_id={view.id: view for view in found},
            by_service={i: view for view in found for i in view.service_ids},
            by_team={i: view for view in found for i in view.team_ids},
            fallback=next((view for view in found if view.is_default), None),
        )

    def choose(
        self,
        *,
        policy_id: int | None,
        service_id: int | None,
        team_id: int | None,
        service_team_id: int | None,
    ) -> Chosen | None:
        """The policy named, else that of the service, of a team, or the default one."""
        team_ids = (team_id, service_team_id)
        candidates = (
            self.by_id.get(policy_id or 0),
            self.by_service.get(service_id or 0),
            *(self.by_team.get(number or 0) for number in team_ids),
            self.fallback,
        )
        view = next((candidate for candidate in candidates if candidate), None)
        own = next((number for number in team_ids if number is not None), None)
        return None if view is None else Chosen(team_id=own, policy=view)


def choose(requests: Collection[PageRequest]) -> dict[str, Chosen]:
    """For each subject the policy to follow; subjects without any (no default) are left out.

    An archived policy that was asked for by id still serves: a page matters more than tidiness.
    """
    service_teams = _service_teams(requests)
    chooser = Chooser.of(_meant_by(requests, service_teams))
    found = {
        request.subject: chooser.choose(
            policy_id=request.policy_id,
            service_id=request.service_id,
            team_id=request.team_id,
            service_team_id=service_teams.get(request.service_id or 0),
        )
        for request in requests
    }
    return {subject: chosen for subject, chosen in found.items() if chosen is not None}


# Only what these requests could follow, with the choices that matter to them: one statement on
# the way of a page, however many policies there are.
_MEANT: Final = """
WITH chosen AS (
    SELECT policy_id, array_agg(service_id) AS service_ids, array_agg(team_id) AS team_ids
      FROM paging_policy_assignment
     WHERE service_id = ANY(%(services)s) OR team_id = ANY(%(teams)s)
     GROUP BY policy_id
)
SELECT version.*, policy.name, policy.description, policy.team_id, policy.is_default,
       array_remove(chosen.service_ids, NULL) AS service_ids,
       array_remove(chosen.team_ids, NULL) AS team_ids
  FROM paging_policy policy
  JOIN paging_policy_version version
    ON version.policy_id = policy.id AND version.number = policy.number
  LEFT JOIN chosen ON chosen.policy_id = policy.id
 WHERE policy.is_default OR policy.id = ANY(%(policies)s) OR chosen.policy_id IS NOT NULL
"""


def _meant_by(
    requests: Collection[PageRequest], service_teams: Mapping[int, int]
) -> list[PolicyView]:
    services = {request.service_id for request in requests} - {None}
    teams = {request.team_id for request in requests} - {None}
    wanted = {
        "services": list(services),
        "teams": list(teams | set(service_teams.values())),
        "policies": list({request.policy_id for request in requests} - {None}),
    }
    rows: Iterable[Any] = PolicyVersion.objects.raw(_MEANT, wanted)  # rows with more columns
    return [
        PolicyView(
            id=row.policy_id,
            name=row.name,
            description=row.description,
            team_id=row.team_id,
            is_default=row.is_default,
            number=row.number,
            version_id=row.id,
            spec=spec_of(row),
            service_ids=tuple(row.service_ids or ()),
            team_ids=tuple(row.team_ids or ()),
        )
        for row in rows
    ]


def policies_for_pages() -> list[PolicyView]:
    """Every policy a page may follow: archived ones too, the default one first."""
    return _views(Q(), archived_too=True)


def _service_teams(requests: Iterable[PageRequest]) -> dict[int, int]:
    """The team of each service; those are read whose team nobody told."""
    known = {r.service_id: r.service_team_id for r in requests if r.service_id}
    told = {service: team for service, team in known.items() if team is not None}
    read = catalog_queries.services(known.keys() - told.keys())
    return {**told, **{service.id: service.team_id for service in read.values()}}


def shortest_wait() -> timedelta | None:
    """The shortest delay of any step in use: the least time that anybody who is paged has.

    Which policies page a person depends on rotas and changes daily, so all of them count.
    """
    return min((step.delay for view in policies() for step in view.spec.steps), default=None)


def _views(condition: Q, *, archived_too: bool = False) -> list[PolicyView]:
    newest = PolicyVersion.objects.filter(condition, number=F("policy__number"))
    if not archived_too:
        newest = newest.filter(policy__archived_at=None)
    rows = list(newest.select_related("policy").order_by("-policy__is_default", "policy__name"))
    assigned = _assignments(row.policy_id for row in rows)
    return [_view(row, assigned) for row in rows]


def _assignments(policy_ids: Iterable[int]) -> list[PolicyAssignment]:
    return list(PolicyAssignment.objects.filter(policy_id__in=list(policy_ids)).order_by("id"))


def _view(row: PolicyVersion, assigned: Iterable[PolicyAssignment]) -> PolicyView:
    mine = [one for one in assigned if one.policy_id == row.policy_id]
    return PolicyView(
        id=row.policy_id,
        name=row.policy.name,
        description=row.policy.description,
        team_id=row.policy.team_id,
        is_default=row.policy.is_default,
        number=row.number,
        version_id=row.id,
        spec=spec_of(row),
        service_ids=tuple(one.service_id for one in mine if one.service_id is not None),
        team_ids=tuple(one.team_id for one in mine if one.team_id is not None),
    )
