"""What is there, in the words of a manifest. One or a few queries for each kind, however many."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Final

from evenfall.alerting import queries as alerting_queries
from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.ports import DependencyKind
from evenfall.identity import queries as identity_queries
from evenfall.identity.permissions import Role
from evenfall.manifests.logic import specs
from evenfall.manifests.logic.planning import Live
from evenfall.manifests.logic.reading import Thing
from evenfall.manifests.logic.specs import RULES_KEY
from evenfall.manifests.queries import live_policies, live_quiet, live_rotas, live_rules
from evenfall.manifests.queries.names import PEOPLE, Names

type Reader = Callable[[Names, datetime], dict[Thing, Live]]


def live(names: Names, *, now: datetime, kinds: Collection[str] | None = None) -> dict[Thing, Live]:
    """Everything of these or of all kinds, by its key. What is over is left out."""
    found: dict[Thing, Live] = {}
    for kind, reader in READERS.items():
        if kinds is None or kind in kinds:
            found |= reader(names, now)
    return found


def _teams(names: Names, _now: datetime) -> dict[Thing, Live]:
    members = identity_queries.roles_in_teams()
    return {
        Thing("teams", team.slug): Live(
            team.id,
            specs.Team(
                name=team.name,
                description=team.description,
                members=_members(members.get(team.id, {}), names),
            ),
        )
        for team in identity_queries.teams()
    }


def _members(roles: Mapping[int, Role], names: Names) -> dict[str, Role]:
    known = {names.key(PEOPLE, user_id): role for user_id, role in roles.items()}
    return {email: role for email, role in sorted(known.items(), key=str) if email}


def _services(names: Names, _now: datetime) -> dict[Thing, Live]:
    return {
        Thing("services", one.slug): Live(
            one.id,
            specs.Service(
                name=one.name,
                team=names.key("teams", one.team_id) or "",
                tier=one.tier,
                criticality=one.criticality,
                environments=one.environments,
                description=one.description,
                runbook_url=one.runbook_url,
                dashboard_url=one.dashboard_url,
                repository_url=one.repository_url,
                contact=one.contact,
            ),
        )
        for one in catalog_queries.services().values()
    }


def _dependencies(names: Names, _now: datetime) -> dict[Thing, Live]:
    needs: dict[int, dict[str, DependencyKind]] = {}
    for service_id, other_id, kind in catalog_queries.dependencies():
        other = names.key("services", other_id)
        if other is not None:
            needs.setdefault(service_id, {})[other] = DependencyKind(kind)
    return {
        Thing("dependencies", key): Live(
            service_id, specs.Dependencies(needs=dict(sorted(needs[service_id].items())))
        )
        for service_id in needs
        if (key := names.key("services", service_id)) is not None
    }


def _integrations(names: Names, _now: datetime) -> dict[Thing, Live]:
    rows = {t.key: row for t, row in names.managed.items() if t.kind == "integrations"}
    said = {row.own_id: row.spec for row in rows.values()}
    digests = {row.own_id: bytes.fromhex(row.key_digest) for row in rows.values() if row.key_digest}
    keyed = alerting_queries.keyed_by(digests)
    return {
        Thing("integrations", names.key("integrations", one.id) or ""): Live(
            one.id,
            specs.Integration(
                name=one.name,
                kind=one.kind,
                service=names.key("services", one.service_id),
                team=names.key("teams", one.team_id),
                environment=one.environment,
                mapping=dict(one.mapping),
                key=said[one.id].get("key") if one.id in keyed else None,
                secret=said.get(one.id, {}).get("secret") if one.has_secret else None,
                is_enabled=one.is_enabled,
            ),
        )
        for one in alerting_queries.all_integrations()
    }


def _inhibitions(names: Names, _now: datetime) -> dict[Thing, Live]:
    return {
        Thing("inhibitions", names.key("inhibitions", one.id) or ""): Live(
            one.id,
            specs.Inhibition(
                name=one.name,
                source=tuple(map(str, one.source)),
                target=tuple(map(str, one.target)),
                equal=tuple(one.equal),
                is_enabled=one.is_enabled,
            ),
        )
        for one in alerting_queries.inhibitions()
    }


def _rules(names: Names, _now: datetime) -> dict[Thing, Live]:
    return {Thing("rules", RULES_KEY): Live(0, live_rules.rules(names))}


READERS: Final[Mapping[str, Reader]] = {
    "teams": _teams,
    "services": _services,
    "dependencies": _dependencies,
    "rotas": live_rotas.rotas,
    "policies": live_policies.policies,
    "integrations": _integrations,
    "rules": _rules,
    "inhibitions": _inhibitions,
    "silences": live_quiet.silences,
    "maintenance": live_quiet.maintenance,
    "recurring_maintenance": live_quiet.recurring,
}
