"""What services need: said, said otherwise and taken back, one dependency or many at once."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db import transaction
from msgspec import Struct

from evenfall.catalog import errors, events, queries
from evenfall.catalog.logic import graph
from evenfall.catalog.models import Dependency, Service
from evenfall.catalog.ports import DependencyKind
from evenfall.platform.events import publish


class Need(Struct, frozen=True, kw_only=True):
    """That a service needs another one, and how; without a kind, that it does not any more."""

    service_id: int
    depends_on_id: int
    kind: str | None

    @property
    def edge(self) -> graph.Edge:
        return (self.service_id, self.depends_on_id)


def set_dependency(
    *, service_id: int, depends_on_id: int, kind: str, now: datetime, actor: str
) -> None:
    """Say that a service needs another one, or needs it otherwise; as `change_dependencies`."""
    need = Need(service_id=service_id, depends_on_id=depends_on_id, kind=kind)
    change_dependencies(wanted=[need], now=now, actor=actor)


def remove_dependency(*, service_id: int, depends_on_id: int, now: datetime, actor: str) -> None:
    """Say that a service no longer needs another one. Raises `DependencyNotFound`."""
    need = Need(service_id=service_id, depends_on_id=depends_on_id, kind=None)
    change_dependencies(wanted=[need], now=now, actor=actor)


@transaction.atomic
def change_dependencies(*, wanted: Collection[Need], now: datetime, actor: str) -> None:
    """Say what services need, all of it or nothing; what goes, goes first, and closes no circle.

    The number of statements is the same however many. All services are locked in the order of
    their ids first: two dependencies that are each harmless could close a circle when they are
    added at once. Raises `DependsOnItself`, `ServiceNotFound`, `DependencyNotFound`,
    `UnknownDependencyKind`.
    """
    for one in wanted:
        if one.kind is not None and one.kind not in tuple(DependencyKind):
            known = ", ".join(DependencyKind)
            raise errors.UnknownDependencyKind(field="kind", kind=one.kind, known=known)
    names = _lock_all()
    for one in wanted:
        for service_id in one.edge if one.kind is not None else (one.service_id,):
            if service_id not in names:
                raise errors.ServiceNotFound(service=service_id)
    there = _there(wanted)
    gone = [one for one in wanted if one.kind is None]
    said = [one for one in wanted if one.kind is not None and one.kind != _kind(there, one)]
    for one in gone:
        if one.edge not in there:
            raise errors.DependencyNotFound(service=names[one.service_id])
    Dependency.objects.filter(id__in=[there[one.edge].id for one in gone]).delete()
    _refuse_cycle(said, names)
    _save(said, now)
    publish(*(_fact(one, _kind(there, one), now=now, actor=actor) for one in (*gone, *said)))


def _there(wanted: Iterable[Need]) -> dict[graph.Edge, Dependency]:
    """What those services need now."""
    rows = Dependency.objects.filter(service_id__in={one.service_id for one in wanted})
    return {(row.service_id, row.depends_on_id): row for row in rows}


def _kind(there: Mapping[graph.Edge, Dependency], one: Need) -> str | None:
    row = there.get(one.edge)
    return None if row is None else row.kind


def _save(said: Collection[Need], now: datetime) -> None:
    Dependency.objects.bulk_create(
        [
            Dependency(
                service_id=one.service_id,
                depends_on_id=one.depends_on_id,
                kind=one.kind,
                created_at=now,
            )
            for one in said
            if one.kind is not None
        ],
        update_conflicts=True,
        unique_fields=["service", "depends_on"],
        update_fields=["kind"],
    )


def _fact(one: Need, was: str | None, *, now: datetime, actor: str) -> events.DependencyChanged:
    return events.DependencyChanged(
        service_id=one.service_id,
        depends_on_id=one.depends_on_id,
        before={} if was is None else {"kind": was},
        after={} if one.kind is None else {"kind": one.kind},
        at=now,
        actor=actor,
    )


def _refuse_cycle(said: Iterable[Need], names: dict[int, str]) -> None:
    new = [one.edge for one in said]
    cycle = graph.first_cycle(queries.dependency_edges(), new) if new else ()
    if cycle:
        path = " needs ".join(names[number] for number in cycle)
        raise errors.DependsOnItself(field="depends_on_id", service=names[cycle[0]], path=path)


def _lock_all() -> dict[int, str]:
    rows = Service.objects.select_for_update().order_by("id")
    return dict(rows.values_list("id", "name"))
