"""Setting up issue trackers. Their secrets go in and are never shown again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec
from django.db import IntegrityError, transaction

from evenfall.platform.events import publish
from evenfall.platform.wakeups import wake
from evenfall.postmortems import errors, events, ports, queries
from evenfall.postmortems.models import IssueLink, Tracker

MIRROR: Final = "postmortems.issues"
_NAME: Final = 80
_VALUE: Final = 2000


@transaction.atomic
def add_tracker(
    *, type_name: str, name: str, values: Mapping[str, str], now: datetime, actor: str
) -> int:
    """Add an account and return its number.

    Raises TrackerTypeUnknown, TrackerNotUsable, TrackerNameTaken.
    """
    row = Tracker(type=type_name, created_at=now)
    _fill(row, name=name, values=values)
    _save(row)
    _tell(row, before={}, after=_snapshot(row), now=now, actor=actor)
    return row.pk


@transaction.atomic
def change_tracker(
    *, tracker_id: int, name: str, values: Mapping[str, str], now: datetime, actor: str
) -> None:
    """Change an account; a secret that is left empty stays. What failed is tried again at once.

    Raises TrackerNotFound, TrackerNotUsable, TrackerNameTaken.
    """
    row = lock_tracker(tracker_id)
    before = _snapshot(row)
    _fill(row, name=name, values=values)
    row.quiet_until, row.last_error = None, ""
    _save(row)
    _try_again(row, now)
    _tell(row, before=before, after=_snapshot(row), now=now, actor=actor)


@transaction.atomic
def switch_tracker(*, tracker_id: int, is_on: bool, now: datetime, actor: str) -> None:
    """Speak with a tracker, or stop; what waits goes on waiting. Raises TrackerNotFound."""
    row = lock_tracker(tracker_id)
    before = _snapshot(row)
    row.is_on = is_on
    row.save(update_fields=["is_on"])
    if is_on:
        _try_again(row, now)
    _tell(row, before=before, after=_snapshot(row), now=now, actor=actor)


@transaction.atomic
def remove_tracker(*, tracker_id: int, now: datetime, actor: str) -> None:
    """Forget an account and its secrets. Raises TrackerNotFound, TrackerInUse."""
    row = lock_tracker(tracker_id)
    if count := row.links.count():
        raise errors.TrackerInUse(count=count)
    _tell(row, before=_snapshot(row), after={}, now=now, actor=actor)
    row.delete()


@transaction.atomic
def hear_of_issue(*, tracker_id: int, key: str, now: datetime) -> bool:
    """A webhook told about this issue: look at it now. False where no action has it.

    Raises TrackerNotFound.
    """
    if not Tracker.objects.filter(id=tracker_id).update(heard_at=now):
        raise errors.TrackerNotFound(tracker_id=tracker_id)
    links = IssueLink.objects.filter(tracker_id=tracker_id, key=key) if key else None
    found = links.update(due_at=now) if links is not None else 0
    if found:
        wake(MIRROR)
    return bool(found)


def lock_tracker(tracker_id: int) -> Tracker:
    """The row, locked. Raises TrackerNotFound."""
    row = Tracker.objects.select_for_update().filter(id=tracker_id).first()
    if row is None:
        raise errors.TrackerNotFound(tracker_id=tracker_id)
    return row


def _try_again(row: Tracker, now: datetime) -> None:
    row.links.exclude(last_error="", due_at__isnull=False).update(due_at=now)
    wake(MIRROR)


def _fill(row: Tracker, *, name: str, values: Mapping[str, str]) -> None:
    fields = queries.fields_of(row.type)
    known = msgspec.json.decode(row.secrets, type=dict[str, str])
    typed = {one.name: _clean(values.get(one.name) or "") or one.default for one in fields}
    secrets = {
        one.name: typed[one.name] or known.get(one.name, "") for one in fields if one.is_secret
    }
    shown = {one.name: typed[one.name] for one in fields if not one.is_secret}
    _check(row.type, {**shown, **secrets})
    row.name, row.settings = _clean(name)[:_NAME], shown
    row.secrets = msgspec.json.encode(secrets).decode()


def _clean(text: str) -> str:
    return text.replace("\0", "").strip()[:_VALUE]


def _check(type_name: str, values: Mapping[str, str]) -> None:
    for field in queries.fields_of(type_name):
        if field.is_required and not values[field.name]:
            raise errors.TrackerNotUsable(reason=f"{field.label} is missing.", field=field.name)
    found = ports.tracker_type(type_name)
    if found is not None:
        found.check(values)


def _save(row: Tracker) -> None:
    if not row.name:
        raise errors.TrackerNotUsable(reason="it needs a name.", field="name")
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise errors.TrackerNameTaken(name=row.name) from error


def _snapshot(row: Tracker) -> dict[str, Any]:
    """What the audit may show: never a secret."""
    return {"type": row.type, "name": row.name, "is_on": row.is_on, **row.settings}


def _tell(
    row: Tracker,
    *,
    before: dict[str, Any],
    after: dict[str, Any],
    now: datetime,
    actor: str,
) -> None:
    publish(
        events.TrackerChanged(tracker_id=row.pk, before=before, after=after, at=now, actor=actor)
    )
