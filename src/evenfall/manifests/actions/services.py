"""Services and what they need, as a manifest wants them: all of a bundle at once."""

from collections.abc import Iterator, Mapping, Sequence

from evenfall.catalog import actions as catalog_actions
from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.actions import Need, NewService, ServiceFields
from evenfall.catalog.ports import DependencyKind
from evenfall.manifests.actions.hands import Hands
from evenfall.manifests.logic import specs
from evenfall.manifests.logic.planning import Change


def services(changes: Sequence[Change], hands: Hands) -> list[int]:
    """Make, change or archive services; those that were archived come back."""
    for change in changes:
        if isinstance(change.before, specs.Service):
            hands.team(change.before.team)
    gone = {c.thing.key: c.own_id or 0 for c in changes if not isinstance(c.after, specs.Service)}
    if gone:
        catalog_actions.archive_services(service_ids=gone.values(), **hands.signed)
    there = gone | {c.thing.key: c.own_id for c in changes if c.own_id is not None}
    said = {
        change.thing.key: _fields(after, hands)
        for change in changes
        if isinstance(after := change.after, specs.Service)
    }
    there |= _brought_back(said.keys() - there.keys(), hands)
    known = {there[key]: fields for key, fields in said.items() if key in there}
    if known:
        catalog_actions.change_services(wanted=known, **hands.signed)
    there |= _made({key: fields for key, fields in said.items() if key not in there}, hands)
    return [there[change.thing.key] for change in changes]


def _brought_back(keys: set[str], hands: Hands) -> dict[str, int]:
    """Those of these services that were archived: all others of a bundle are known by their id."""
    found = catalog_queries.services_by_slug(keys)
    for one in found.values():
        hands.manage(one.team_id)
    own_ids = {key: one.id for key, one in found.items()}
    if own_ids:
        catalog_actions.restore_services(service_ids=own_ids.values(), **hands.signed)
    return own_ids


def _made(said: Mapping[str, ServiceFields], hands: Hands) -> dict[str, int]:
    if not said:
        return {}
    wanted = [NewService(fields=fields, slug=key) for key, fields in said.items()]
    made = catalog_actions.create_services(wanted=wanted, **hands.signed)
    return dict(zip(said, made, strict=True))


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


def dependencies(changes: Sequence[Change], hands: Hands) -> list[int]:
    """Let services need exactly these. What goes, goes first: the rest may close no circle."""
    own_ids = [hands.names.id("services", change.thing.key) for change in changes]
    for one in catalog_queries.services(own_ids).values():
        hands.manage(one.team_id)
    pairs = zip(own_ids, changes, strict=True)
    needs = [need for own_id, change in pairs for need in _changed(own_id, change, hands)]
    catalog_actions.change_dependencies(wanted=needs, **hands.signed)
    return own_ids


def _changed(service_id: int, change: Change, hands: Hands) -> Iterator[Need]:
    before, after = _needs(change.before), _needs(change.after)
    for key in sorted(before.keys() - after.keys()):
        other = hands.names.id("services", key)
        yield Need(service_id=service_id, depends_on_id=other, kind=None)
    for key, kind in after.items():
        if before.get(key) != kind:
            other = hands.names.id("services", key)
            yield Need(service_id=service_id, depends_on_id=other, kind=kind.value)


def _needs(spec: specs.Spec | None) -> Mapping[str, DependencyKind]:
    return spec.needs if isinstance(spec, specs.Dependencies) else {}
