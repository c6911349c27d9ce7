"""Planned downtime of a passage: the maintenance window that holds its alerts meanwhile."""

from datetime import datetime, timedelta

from django.db import transaction
from msgspec import Struct

from evenfall.alerting import actions as alerting_actions
from evenfall.alerting import queries as alerting_queries
from evenfall.identity import queries as identity_queries
from evenfall.platform.events import publish
from evenfall.releases import errors, events
from evenfall.releases.actions import loading, planning
from evenfall.releases.logic.states import OPEN, State
from evenfall.releases.models import Passage

_MINUTE = timedelta(minutes=1)


class DowntimeWish(Struct, frozen=True, kw_only=True):
    """From when, and for how many minutes; 0 for none. `maintenance_id`: announced already."""

    starts_at: datetime | None = None
    minutes: int = 0
    maintenance_id: int | None = None


@transaction.atomic
def plan_downtime(*, passage_id: int, wish: DowntimeWish, now: datetime, actor: str) -> None:
    """Announce the downtime of a deploy as a maintenance window, link one, or take it back.

    A window that was made for this passage before ends. Raises PassageNotFound, StateNotPossible
    for one that is over, DowntimeUnclear, MaintenanceNotFound, alerting's SpanNotValid.
    """
    row = loading.passage(passage_id)
    if row.state not in OPEN:
        raise errors.StateNotPossible(state=row.state, wanted="a downtime")
    before, made_here = row.maintenance_id, row.maintenance_is_ours
    if wish.maintenance_id is not None:
        _link(row, wish.maintenance_id, now)
    elif wish.minutes:
        _announce(row, wish, now=now, actor=actor)
    else:
        row.maintenance_id, row.maintenance_is_ours, row.planned_downtime_minutes = None, False, 0
    row.save()
    if before is not None and made_here and before != row.maintenance_id:
        alerting_actions.end_maintenance(maintenance_id=before, now=now, actor=actor)
    planning.ask_again(row.release, now=now)
    publish(
        events.DowntimePlanned(
            **loading.about_passage(row, now=now, actor=actor),
            minutes=row.planned_downtime_minutes,
            starts_at=row.planned_at.isoformat() if row.planned_at else "",
            maintenance_id=row.maintenance_id,
        )
    )


def end_downtime(row: Passage, *, now: datetime, actor: str) -> None:
    """What does not go there needs no window any more, unless others share it."""
    if row.maintenance_id is not None and row.maintenance_is_ours and row.state == State.CANCELLED:
        alerting_actions.end_maintenance(maintenance_id=row.maintenance_id, now=now, actor=actor)


def _link(row: Passage, maintenance_id: int, now: datetime) -> None:
    window = alerting_queries.maintenance(maintenance_id, now=now)
    if window.service_ids and row.service_id not in window.service_ids:
        raise errors.DowntimeUnclear(
            field="maintenance_id", reason=f"{window.name} is about other services."
        )
    row.maintenance_id, row.maintenance_is_ours = window.id, False
    row.planned_at = window.starts_at
    row.planned_downtime_minutes = (window.ends_at - window.starts_at) // _MINUTE


def _announce(row: Passage, wish: DowntimeWish, *, now: datetime, actor: str) -> None:
    if wish.starts_at is None:
        raise errors.DowntimeUnclear(field="starts_at", reason="Say when it begins.")
    service = row.release.service
    row.maintenance_id = alerting_actions.create_maintenance(
        name=f"{service.name} {row.release.version} to {row.stage}",
        starts_at=wish.starts_at,
        ends_at=wish.starts_at + wish.minutes * _MINUTE,
        service_ids=[row.service_id],
        environments=[row.environment],
        by_name=identity_queries.actor_names({actor}).get(actor, actor),
        now=now,
        actor=actor,
    )
    row.maintenance_is_ours = True
    row.planned_at, row.planned_downtime_minutes = wish.starts_at, wish.minutes
