"""Releases that go together, and those that miss it."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from msgspec import Struct

from evenfall.catalog import queries as catalog_queries
from evenfall.platform.events import publish
from evenfall.platform.locks import locked
from evenfall.releases import errors, events, queries
from evenfall.releases.actions import loading, planning
from evenfall.releases.logic.needing import circle
from evenfall.releases.logic.states import WAITING
from evenfall.releases.models import Missed, Passage, Release, Train


class TrainWish(Struct, frozen=True, kw_only=True):
    """What a train should be; `departs_at` None is a train without a time."""

    name: str
    release_ids: Collection[int]
    note: str = ""
    departs_at: datetime | None = None


@transaction.atomic
def save_train(*, wish: TrainWish, train_id: int | None = None, now: datetime, actor: str) -> int:
    """Put these releases into one train, new or known; the order comes from what needs what.

    What stayed when the train departed and is on it no more is remembered with its reason.
    Raises TrainNotFound, NameMissing, ReleaseNotFound, and Circle when none could go first.
    """
    named = sorted(set(wish.release_ids))
    found = locked(
        Release.objects.all(), named, lost=lambda lost: errors.ReleaseNotFound(release=lost)
    )
    rows = list(found.values())
    _check_order({row.service_id for row in rows})
    train = _train(train_id, now, actor)
    if train_id is not None:
        _leave(train, set(wish.release_ids), None, now=now, actor=actor)
    train.name, train.note = loading.name_of(wish.name), loading.text_of(wish.note)
    train.departs_at = wish.departs_at
    train.save()
    gone = Release.objects.filter(train=train).exclude(id__in=wish.release_ids)
    _to_production(gone).update(planned_at=None)
    gone.update(train=None)
    _board(train, rows, now=now, actor=actor)
    return train.pk


@transaction.atomic
def take_next_train(
    *, train_id: int, next_id: int, release_ids: Collection[int], now: datetime, actor: str
) -> None:
    """Put what stayed when a train departed on another one; why it stayed is remembered.

    Of the releases named, those that did not stay are left where they are. Raises TrainNotFound
    and Circle.
    """
    first, second = sorted((train_id, next_id))
    known = {number: _train(number, now, actor) for number in (first, second)}
    shown = queries.train(train_id, now=now)
    stayed = {one.release_id for one in shown.stayed} & set(release_ids)
    keep = {one.release_id for one in shown.on_board} - stayed
    _leave(known[train_id], keep, known[next_id], now=now, actor=actor)
    rows = list(Release.objects.filter(id__in=stayed) | Release.objects.filter(train_id=next_id))
    _check_order({row.service_id for row in rows})
    _board(known[next_id], rows, now=now, actor=actor)


def _leave(
    train: Train, keep: Collection[int], other: Train | None, *, now: datetime, actor: str
) -> None:
    """Remember what stayed of those that are on it no more."""
    Missed.objects.bulk_create(
        Missed(train=train, release_id=one.release_id, why=one.why, next=other, at=now, by=actor)
        for one in queries.train(train.pk, now=now).stayed
        if one.release_id not in keep
    )


def _board(train: Train, rows: Collection[Release], *, now: datetime, actor: str) -> None:
    ids = tuple(row.pk for row in rows)
    Release.objects.filter(id__in=ids).update(train=train)
    _to_production(rows).update(planned_at=train.departs_at)
    for row in rows:
        planning.ask_again(row, now=now)
    publish(
        events.TrainSaved(train_id=train.pk, name=train.name, release_ids=ids, at=now, actor=actor)
    )


def _to_production(rows: Collection[Release] | QuerySet[Release]) -> QuerySet[Passage]:
    waiting = Passage.objects.filter(environment="PROD", state__in=sorted(WAITING))
    return waiting.filter(release__in=rows)


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
