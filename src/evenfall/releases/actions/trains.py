"""Releases that go together."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from evenfall.catalog import queries as catalog_queries
from evenfall.platform.events import publish
from evenfall.releases import errors, events
from evenfall.releases.actions import loading, planning
from evenfall.releases.logic.needing import circle
from evenfall.releases.models import Release, Train


@transaction.atomic
def save_train(
    *,
    name: str,
    release_ids: Collection[int],
    train_id: int | None = None,
    note: str = "",
    now: datetime,
    actor: str,
) -> int:
    """Put these releases into one train, new or known; the order comes from what needs what.

    Raises TrainNotFound, NameMissing, ReleaseNotFound, and Circle when none could go first.
    """
    rows = list(Release.objects.select_for_update().filter(id__in=release_ids).order_by("id"))
    if missing := set(release_ids) - {row.pk for row in rows}:
        raise errors.ReleaseNotFound(release=min(missing))
    _check_order({row.service_id for row in rows})
    train = _train(train_id, now, actor)
    train.name, train.note = loading.name_of(name), loading.text_of(note)
    train.save()
    Release.objects.filter(train=train).exclude(id__in=release_ids).update(train=None)
    Release.objects.filter(id__in=release_ids).update(train=train)
    for row in rows:
        planning.ask_again(row, now=now)
    ids = tuple(row.pk for row in rows)
    publish(
        events.TrainSaved(train_id=train.pk, name=train.name, release_ids=ids, at=now, actor=actor)
    )
    return train.pk


def _train(train_id: int | None, now: datetime, actor: str) -> Train:
    if train_id is None:
        return Train(created_at=now, created_by=actor)
    row = Train.objects.select_for_update().filter(id=train_id).first()
    if row is None:
        raise errors.TrainNotFound(train_id=train_id)
    return row


def _check_order(service_ids: Collection[int]) -> None:
    path = circle(service_ids, catalog_queries.hard_edges())
    if path:
        names = catalog_queries.services(path)
        raise errors.Circle(path=" needs ".join(names[one].name for one in path))
