"""The stop button and freezes."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from msgspec import Struct

from evenfall.platform.events import publish
from evenfall.platform.wakeups import wake
from evenfall.releases import errors, events, queries
from evenfall.releases.actions import loading
from evenfall.releases.actions.planning import ASK
from evenfall.releases.actions.scoping import Reach, checked, environments_of
from evenfall.releases.logic.states import WAITING
from evenfall.releases.logic.words import Kind
from evenfall.releases.models import Freeze, Passage, Stop


@transaction.atomic
def stop_everything(*, reach: Reach, reason: str, now: datetime, actor: str) -> int:
    """Press the button for a service, a team or the whole site; return the id of the stop.

    Where it is pressed already that one stays. Raises ReasonMissing, OneScope, ServiceNotFound,
    TeamNotFound.
    """
    why, scope = loading.reason_of(reason), checked(reach)
    row, is_new = Stop.objects.get_or_create(
        **reach.columns,
        lifted_at=None,
        defaults={"reason": why, "pressed_at": now, "pressed_by": actor},
    )
    if is_new:
        about = _about(reach, scope.name, why, now, actor)
        publish(events.EverythingStopped(**about, stop_id=row.pk))
        ask_all_again(reach, now=now)
    return row.pk


@transaction.atomic
def lift_stop(*, stop_id: int, reason: str, now: datetime, actor: str) -> None:
    """Let releases go on. Raises StopNotFound, AlreadyLifted, ReasonMissing."""
    why = loading.reason_of(reason)
    row = Stop.objects.select_for_update().filter(id=stop_id).first()
    if row is None:
        raise errors.StopNotFound(stop_id=stop_id)
    if row.lifted_at is not None:
        raise errors.AlreadyLifted
    row.lifted_at, row.lifted_by, row.lifted_why = now, actor, why
    row.save(update_fields=["lifted_at", "lifted_by", "lifted_why"])
    reach = Reach(service_id=row.service_id, team_id=row.team_id)
    about = _about(reach, queries.scope_of(*reach.ids).name, why, now, actor)
    publish(events.StopLifted(**about, stop_id=row.pk))
    ask_all_again(reach, now=now)


class NewFreeze(Struct, frozen=True, kw_only=True):
    """A time in which nothing but the `exempt` kinds goes out."""

    reach: Reach
    environments: Collection[str]
    reason: str
    starts_at: datetime
    ends_at: datetime
    exempt: Collection[Kind] = ()


@transaction.atomic
def declare_freeze(*, new: NewFreeze, now: datetime, actor: str) -> int:
    """Raises ReasonMissing, OneScope, EnvironmentMissing, SpanNotValid, …; returns its id."""
    why, scope = loading.reason_of(new.reason), checked(new.reach)
    environments = environments_of(new.environments)
    if not new.starts_at < new.ends_at or new.ends_at <= now:
        raise errors.SpanNotValid(field="ends_at")
    row = Freeze.objects.create(
        service_id=new.reach.service_id,
        team_id=new.reach.team_id,
        environments=environments,
        reason=why,
        starts_at=new.starts_at,
        ends_at=new.ends_at,
        exempt=sorted(one.value for one in new.exempt),
        created_at=now,
        created_by=actor,
    )
    publish(
        events.FreezeDeclared(
            **_about(new.reach, scope.name, why, now, actor),
            freeze_id=row.pk,
            starts_at=row.starts_at.isoformat(),
            ends_at=row.ends_at.isoformat(),
        )
    )
    ask_all_again(new.reach, now=now)
    return row.pk


@transaction.atomic
def lift_freeze(*, freeze_id: int, reason: str, now: datetime, actor: str) -> None:
    """End it before its time. Raises FreezeNotFound, AlreadyLifted, ReasonMissing."""
    why = loading.reason_of(reason)
    row = Freeze.objects.select_for_update().filter(id=freeze_id).first()
    if row is None:
        raise errors.FreezeNotFound(freeze_id=freeze_id)
    if row.lifted_at is not None or row.ends_at <= now:
        raise errors.AlreadyLifted
    row.lifted_at, row.lifted_by, row.lifted_why = now, actor, why
    row.save(update_fields=["lifted_at", "lifted_by", "lifted_why"])
    reach = Reach(service_id=row.service_id, team_id=row.team_id)
    about = _about(reach, queries.scope_of(*reach.ids).name, why, now, actor)
    publish(events.FreezeLifted(**about, freeze_id=row.pk))
    ask_all_again(reach, now=now)


def ask_all_again(reach: Reach, *, now: datetime) -> None:
    """What waits in this reach is asked at once."""
    wanted = Q()
    if reach.service_id is not None:
        wanted = Q(service_id=reach.service_id)
    elif reach.team_id is not None:
        wanted = Q(service__team_id=reach.team_id)
    Passage.objects.filter(wanted, state__in=WAITING).update(due_at=now)
    wake(ASK)


def _about(reach: Reach, scope: str, reason: str, now: datetime, actor: str) -> dict[str, Any]:
    return {
        "scope": scope,
        "service_id": reach.service_id,
        "team_id": reach.team_id,
        "reason": reason,
        "at": now,
        "actor": actor,
    }
