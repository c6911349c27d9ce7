"""What the pages of policies show."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from evenfall.catalog import queries as catalog_queries
from evenfall.identity import queries as identity_queries
from evenfall.identity.permissions import Permission, Viewer
from evenfall.oncall import queries as oncall_queries
from evenfall.paging import queries
from evenfall.paging.forms.policies import Chooseable
from evenfall.paging.forms.targets import target_choices
from evenfall.paging.logic.sentences import policy_sentences
from evenfall.paging.queries import PolicyView


class PolicyRow(Struct, frozen=True, kw_only=True):
    """A policy in the list: what it says, and who uses it."""

    policy: PolicyView
    steps: tuple[str, ...]
    end: str
    users: tuple[str, ...]


def rows(policies: Sequence[PolicyView]) -> list[PolicyRow]:
    """Each policy in sentences, with the names of the teams and services that chose it."""
    names = queries.names_in([policy.spec for policy in policies])
    services = catalog_queries.services({i for policy in policies for i in policy.service_ids})
    team_ids = {i for policy in policies for i in policy.team_ids}
    teams = {team.id: team.name for team in identity_queries.teams(team_ids)}
    return [
        PolicyRow(
            policy=policy,
            steps=policy_sentences(policy.spec, names)[:-1],
            end=policy_sentences(policy.spec, names)[-1],
            users=(
                *(f"team {teams[i]}" for i in policy.team_ids if i in teams),
                *(services[i].name for i in policy.service_ids if i in services),
            ),
        )
        for policy in policies
    ]


def policy_page(
    shown: PolicyView, viewer: Viewer, *, team_id: int | None, now: datetime
) -> dict[str, Any]:
    """One policy: sentences, who would be paged now for a team, versions, who uses it."""
    teams = identity_queries.teams()
    chosen = team_id if team_id is not None else next(iter(_own(viewer, shown, teams)), None)
    return {
        "row": rows([shown])[0],
        "policy": shown,
        "teams": teams,
        "team_id": chosen,
        "preview": queries.preview_policy(shown.spec, team_id=chosen, now=now),
        "versions": queries.versions(shown.id),
        "may_manage": viewer.can(Permission.MANAGE, team_id=shown.team_id),
        "own_teams": [t for t in teams if viewer.can(Permission.MANAGE, team_id=t.id)],
        "own_services": [
            service
            for service in catalog_queries.services().values()
            if viewer.can(Permission.MANAGE, team_id=service.team_id)
        ],
    }


def _own(
    viewer: Viewer, shown: PolicyView, teams: Sequence[identity_queries.TeamView]
) -> list[int]:
    """Teams to preview for, the likeliest first."""
    known = [team.id for team in teams]
    wanted = [*shown.team_ids, *([shown.team_id] if shown.team_id else []), *viewer.team_roles]
    return [team_id for team_id in (*wanted, *known) if team_id in known]


def chooseable(viewer: Viewer) -> Chooseable:
    """What the editor offers; owners are the teams the viewer manages."""
    teams, people = identity_queries.teams(), identity_queries.active_people()
    return Chooseable(
        teams=[team for team in teams if viewer.can(Permission.MANAGE, team_id=team.id)],
        people=people,
        targets=target_choices(rotas=oncall_queries.rotas(), teams=teams, people=people),
        zone=viewer.time_zone,
    )
