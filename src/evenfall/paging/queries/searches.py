"""Whom each step of each policy finds now, for every team that pages by it."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from evenfall.catalog import queries as catalog_queries
from evenfall.identity import queries as identity_queries
from evenfall.paging.logic import people, sentences
from evenfall.paging.queries.directory import Snapshot, snapshot
from evenfall.paging.queries.policies import PolicyView, policies


class StepSearch(Struct, frozen=True, kw_only=True):
    """A step by its number from 1: how many it finds, and why its other targets lead to nobody."""

    number: int
    found: int
    missing: tuple[str, ...]


class PolicySearch(Struct, frozen=True, kw_only=True):
    """What a page of a team finds by a policy; without a team it is one that nothing uses."""

    policy: PolicyView
    team_id: int | None
    team: str
    team_slug: str
    steps: tuple[StepSearch, ...]


def policy_searches(*, now: datetime) -> list[PolicySearch]:
    """Every policy with every team whose pages follow it; the queries do not grow with them."""
    found = policies()
    teams = {team.id: team for team in identity_queries.teams()}
    names = {number: team.name for number, team in teams.items()}
    owners = {one.id: one.team_id for one in catalog_queries.services().values()}
    used = [(view, number) for view in found for number in _users(found, view, names, owners)]
    seen = snapshot([view.spec for view in found], team_ids=list(teams), at=now)
    return [
        PolicySearch(
            policy=view,
            team_id=team_id,
            team=names.get(team_id or 0, ""),
            team_slug=teams[team_id].slug if team_id in teams else "",
            steps=tuple(_steps(view, team_id, seen)),
        )
        for view, team_id in used
    ]


def services_by_default() -> list[catalog_queries.ServiceView]:
    """The services that neither have a policy nor belong to a team that has one, by name."""
    found = policies()
    services = {number for view in found for number in view.service_ids}
    teams = {number for view in found for number in view.team_ids}
    return [
        one
        for one in catalog_queries.services().values()
        if one.id not in services and one.team_id not in teams
    ]


def _users(
    found: Sequence[PolicyView], view: PolicyView, teams: dict[int, str], owners: dict[int, int]
) -> Iterator[int | None]:
    """The teams whose pages follow the policy; of the default one those that chose none."""
    mine = {*view.team_ids, *(owners[i] for i in view.service_ids if i in owners)}
    if view.is_default:
        mine |= teams.keys() - {number for one in found for number in one.team_ids}
    yield from (sorted(mine) if mine else [view.team_id])


def _steps(view: PolicyView, team_id: int | None, seen: Snapshot) -> Iterator[StepSearch]:
    for number, step in enumerate(view.spec.steps, start=1):
        search = people.find(step.targets, team_id=team_id, directory=seen.directory)
        yield StepSearch(
            number=number,
            found=len(search.found),
            missing=tuple(
                sentences.missing_sentence(
                    miss.reason,
                    miss.target.kind,
                    seen.people[miss.user_id].name if miss.user_id in seen.people else "",
                )
                for miss in search.missing
            ),
        )
