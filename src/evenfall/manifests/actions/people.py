"""Teams, services and what services need, as a manifest wants them."""

from collections.abc import Mapping
from typing import Any

from evenfall.catalog import actions as catalog_actions
from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.actions import ServiceFields
from evenfall.catalog.errors import ServiceNotFound
from evenfall.catalog.ports import DependencyKind
from evenfall.identity import actions as identity_actions
from evenfall.identity.permissions import Role
from evenfall.manifests.actions.hands import Hands
from evenfall.manifests.logic import specs
from evenfall.manifests.logic.planning import Change
from evenfall.manifests.queries.names import PEOPLE


def team(change: Change, hands: Hands) -> int:
    """Make, change or delete a team. Its members become those that are named, if any are."""
    after, own_id = change.after, change.own_id
    hands.manage(own_id)
    if not isinstance(after, specs.Team):
        team_id = own_id or 0
        identity_actions.delete_team(team_id=team_id, **hands.signed)
        return team_id
    said: dict[str, Any] = {"name": after.name, "description": after.description}
    if own_id is None:
        own_id = identity_actions.create_team(slug=change.thing.key, **said, **hands.signed)
    else:
        identity_actions.change_team(team_id=own_id, **said, **hands.signed)
    if after.members is not None:
        before = change.before.members if isinstance(change.before, specs.Team) else None
        _members(own_id, before or {}, after.members, hands)
    return own_id


def _members(
    team_id: int, before: Mapping[str, Role], after: Mapping[str, Role], hands: Hands
) -> None:
    for email, role in after.items():
        if before.get(email) != role:
            user_id = hands.names.id(PEOPLE, email)
            identity_actions.set_member(
                team_id=team_id, user_id=user_id, role=role.value, **hands.signed
            )
    for email in before.keys() - after.keys():
        user_id = hands.names.id(PEOPLE, email)
        identity_actions.remove_member(team_id=team_id, user_id=user_id, **hands.signed)


def service(change: Change, hands: Hands) -> int:
    """Make, change or archive a service; one that was archived comes back."""
    before, after, own_id = change.before, change.after, change.own_id
    if isinstance(before, specs.Service):
        hands.team(before.team)
    if not isinstance(after, specs.Service):
        service_id = own_id or 0
        catalog_actions.archive_service(service_id=service_id, **hands.signed)
        return service_id
    fields = _fields(after, hands)
    own_id = own_id or _archived(change.thing.key)
    if own_id is None:
        return catalog_actions.create_service(fields=fields, slug=change.thing.key, **hands.signed)
    catalog_actions.restore_service(service_id=own_id, **hands.signed)
    catalog_actions.change_service(service_id=own_id, fields=fields, **hands.signed)
    return own_id


def _fields(said: specs.Service, hands: Hands) -> ServiceFields:
    return ServiceFields(
        name=said.name,
        team_id=hands.team(said.team) or 0,
        tier=said.tier,
        criticality=said.criticality.value,
        environments=tuple(one.value for one in said.environments),
        description=said.description,
        runbook_url=said.runbook_url,
        dashboard_url=said.dashboard_url,
        repository_url=said.repository_url,
        point_of_contact=said.contact,
    )


def _archived(slug: str) -> int | None:
    try:
        return catalog_queries.service_by_slug(slug).id
    except ServiceNotFound:
        return None


def dependencies(change: Change, hands: Hands) -> int:
    """Let a service need exactly these. What goes, goes first: the rest may close no circle."""
    service_id = hands.names.id("services", change.thing.key)
    hands.manage(catalog_queries.service(service_id).team_id)
    before, after = _needs(change.before), _needs(change.after)
    for key in before.keys() - after.keys():
        other = hands.names.id("services", key)
        catalog_actions.remove_dependency(
            service_id=service_id, depends_on_id=other, **hands.signed
        )
    for key, kind in after.items():
        if before.get(key) != kind:
            other = hands.names.id("services", key)
            catalog_actions.set_dependency(
                service_id=service_id, depends_on_id=other, kind=kind.value, **hands.signed
            )
    return service_id


def _needs(spec: specs.Spec | None) -> Mapping[str, DependencyKind]:
    return spec.needs if isinstance(spec, specs.Dependencies) else {}
