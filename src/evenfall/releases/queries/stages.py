"""The way of a service: its own stages, those of the site, or the three that are built in."""

from collections.abc import Collection, Iterable
from itertools import groupby

from django.db.models import Q
from msgspec import Struct

from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.ports import Environment
from evenfall.releases import errors
from evenfall.releases.logic.rules import DEFAULT_STAGES, Rules, rules_of
from evenfall.releases.models import Stage


class StageView(Struct, frozen=True, kw_only=True):
    """A stage; `id` is None for one that is built in, `service_id` None for the site's."""

    id: int | None
    service_id: int | None
    name: str
    position: int
    environment: Environment
    rules: Rules
    revision: int = 0


BUILT_IN = tuple(
    StageView(
        id=None,
        service_id=None,
        name=name,
        position=place,
        environment=Environment(environment),
        rules=rules,
    )
    for place, (name, environment, rules) in enumerate(DEFAULT_STAGES, start=1)
)


def stages_of(service_id: int) -> list[StageView]:
    """The stages of a service that its environments want, in order."""
    return stages_of_services([service_id]).get(service_id, [])


def stages_of_services(service_ids: Collection[int]) -> dict[int, list[StageView]]:
    """The stages of each of these that exist; two queries."""
    services = catalog_queries.services(service_ids)
    rows = Stage.objects.filter(Q(service__in=service_ids) | Q(service=None))
    owners = groupby(
        sorted(rows, key=lambda row: (row.service_id or 0, row.position, row.pk)),
        key=lambda row: row.service_id,
    )
    known = {owner: _views(group) for owner, group in owners}
    others = known.get(None) or list(BUILT_IN)
    return {
        number: known.get(number) or [one for one in others if one.environment in env]
        for number, env in ((view.id, view.environments) for view in services.values())
    }


def site_stages() -> list[StageView]:
    """Those of every service without its own."""
    rows = Stage.objects.filter(service=None).order_by("position", "id")
    return _views(rows) or list(BUILT_IN)


def stage_named(service_id: int, name: str) -> StageView:
    """By its name, else the last one of this environment. Raises StageNotFound."""
    stages = stages_of(service_id)
    wanted = name.strip().casefold()
    for one in stages:
        if one.name.casefold() == wanted:
            return one
    for one in reversed(stages):
        if one.environment.value.casefold() == wanted:
            return one
    known = ", ".join(one.name for one in stages) or "none"
    raise errors.StageNotFound(
        service=catalog_queries.service(service_id).name, stage=name, known=known
    )


def stage_rules(service_id: int, name: str) -> Rules:
    """What a stage asks for now; plain rules for one that is gone."""
    return next((one.rules for one in stages_of(service_id) if one.name == name), Rules())


def _views(rows: Iterable[Stage]) -> list[StageView]:
    return [
        StageView(
            id=row.pk,
            service_id=row.service_id,
            name=row.name,
            position=row.position,
            environment=Environment(row.environment),
            rules=rules_of(row.rules),
            revision=row.revision,
        )
        for row in rows
    ]
