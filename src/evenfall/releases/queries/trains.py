"""Trains and their order."""

from dataclasses import dataclass

from evenfall.catalog import queries as catalog_queries
from evenfall.releases import errors
from evenfall.releases.logic.needing import ordered
from evenfall.releases.models import Release, Train


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainView:
    """`waves` are ids of releases: what goes together, after all those before it.

    Releases whose services need each other meanwhile come in a last wave together.
    """

    id: int
    name: str
    note: str
    waves: tuple[tuple[int, ...], ...]


def train(train_id: int) -> TrainView:
    """Raises TrainNotFound."""
    row = Train.objects.filter(id=train_id).first()
    if row is None:
        raise errors.TrainNotFound(train_id=train_id)
    releases = list(Release.objects.filter(train=row).order_by("id"))
    services = {one.service_id for one in releases}
    waves = ordered(services, catalog_queries.hard_edges())
    placed = {one for wave in waves for one in wave}
    whole = [*waves, sorted(services - placed)] if services - placed else waves
    return TrainView(
        id=row.pk,
        name=row.name,
        note=row.note,
        waves=tuple(tuple(one.pk for one in releases if one.service_id in wave) for wave in whole),
    )
