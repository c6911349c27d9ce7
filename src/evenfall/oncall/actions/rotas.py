"""Rotas, their plans and their members."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django.db import IntegrityError, transaction
from msgspec.structs import asdict

from evenfall.oncall import errors, events, queries
from evenfall.oncall.actions import checks, plans
from evenfall.oncall.logic import layers as layer_logic
from evenfall.oncall.logic.members import follow
from evenfall.oncall.logic.spec import LayerSpec, LieutenantRule, MemberSlot, WeeklyWindow
from evenfall.oncall.logic.templates import Template
from evenfall.oncall.models import Layer, Override, Rota
from evenfall.oncall.queries.specs import layer_spec
from evenfall.platform.events import publish
from evenfall.platform.wall_clock import reading

NO_LIEUTENANT = LieutenantRule()


@transaction.atomic
def create_rota(
    *,
    team_id: int,
    name: str,
    zone: str,
    layers: Sequence[LayerSpec],
    lieutenant: LieutenantRule,
    shadows: Sequence[LayerSpec] = (),
    holds_from: datetime | None = None,
    coverage: Sequence[WeeklyWindow] = (),
    description: str = "",
    now: datetime,
    actor: str,
) -> int:
    """Return the id of a new rota, whose plan counts from its first shift, at the earliest now.

    With `holds_from` it counts from then, if that is later. A first shift in the past only says
    whose turn it is. `shadows` are the layers of those who learn. Raises the errors of `checks`.
    """
    checks.check_plan(layers, lieutenant, shadows)
    rota = Rota(team_id=team_id, created_at=now)
    _fill(rota, name=name, description=description, zone=zone, coverage=coverage)
    _save(rota)
    plans.add(rota, layers, lieutenant, shadows=shadows, holds_from=holds_from, now=now)
    publish(
        events.RotaCreated(
            rota_id=rota.id, team_id=team_id, after=_state(rota.id), at=now, actor=actor
        )
    )
    return rota.id


def start_rota(
    *,
    template: Template,
    team_id: int,
    name: str,
    description: str = "",
    time_zones: Sequence[str],
    user_ids: Sequence[int],
    starts_on: date,
    now: datetime,
    actor: str,
) -> int:
    """Return the id of a new rota made from a template with these people, in this order.

    The first zone is that of the rota. Raises what `create_rota` raises.
    """
    for zone in time_zones:
        checks.clean_zone(zone)
    checks.check_people(set(user_ids))
    queries.check_times(datetime.combine(starts_on, time.min))
    made = queries.starter(template, user_ids=user_ids, zones=time_zones, start=starts_on)
    return create_rota(
        team_id=team_id,
        name=name,
        description=description,
        zone=time_zones[0],
        layers=made.plan.layers,
        lieutenant=made.plan.lieutenant,
        coverage=made.coverage,
        now=now,
        actor=actor,
    )


@transaction.atomic
def change_rota(
    *,
    rota_id: int,
    name: str,
    zone: str,
    coverage: Sequence[WeeklyWindow] = (),
    description: str = "",
    layers: Sequence[LayerSpec] = (),
    lieutenant: LieutenantRule = NO_LIEUTENANT,
    shadows: Sequence[LayerSpec] = (),
    holds_from: datetime | None = None,
    now: datetime,
    actor: str,
) -> None:
    """Change what is said about the rota and, with layers, its plan as `replan_rota` does.

    Without layers who is on call does not change. Locks the rota.
    """
    rota = _lock(rota_id)
    before = _state(rota_id)
    _fill(rota, name=name, description=description, zone=zone, coverage=coverage)
    _save(rota)
    if layers:
        checks.check_plan(layers, lieutenant, shadows)
        plans.add(rota, layers, lieutenant, shadows=shadows, holds_from=holds_from, now=now)
    _announce(rota, before, now=now, actor=actor)


@transaction.atomic
def replan_rota(
    *,
    rota_id: int,
    layers: Sequence[LayerSpec],
    lieutenant: LieutenantRule,
    shadows: Sequence[LayerSpec] = (),
    holds_from: datetime | None = None,
    now: datetime,
    actor: str,
) -> None:
    """Let a new plan hold from its first shift and `holds_from` on, never before now.

    Plans that would have begun at that time or later are dropped. Locks the rota. Raises the
    errors of `checks`.
    """
    checks.check_plan(layers, lieutenant, shadows)
    rota = _lock(rota_id)
    before = _state(rota_id)
    plans.add(rota, layers, lieutenant, shadows=shadows, holds_from=holds_from, now=now)
    _announce(rota, before, now=now, actor=actor)


@transaction.atomic
def set_members(
    *,
    rota_id: int,
    layer_id: int,
    user_ids: Sequence[int | None],
    from_day: date,
    now: datetime,
    actor: str,
) -> None:
    """Let these places, None an empty one, take the shifts that start on the day or later.

    Where the order of those who stay is kept, the turns go on where they were; a new order starts
    with its first. Locks the rota. Raises `MembersFromPast` when such a shift has begun.
    """
    rota = _lock(rota_id)
    before = _state(rota_id)
    layer = Layer.objects.filter(plan=plans.newest(rota), id=layer_id).first()
    if layer is None:
        raise errors.LayerNotFound(layer_id=layer_id)
    spec = layer_spec(layer)
    _check_not_begun(spec, from_day, now)
    checks.check_members(spec.name, [MemberSlot(user_id=user_id) for user_id in user_ids])
    checks.check_people({user_id for user_id in user_ids if user_id is not None})
    layer.members.all().delete()
    plans.add_members(layer, follow(spec.members, user_ids, from_day))
    _announce(rota, before, now=now, actor=actor)


@transaction.atomic
def delete_rota(*, rota_id: int, now: datetime, actor: str) -> None:
    """Nobody is on call by this rota from now on; its past stays. Locks the rota."""
    rota = _lock(rota_id)
    before = _state(rota_id)
    rota.deleted_at = now
    rota.save(update_fields=["deleted_at"])
    Override.objects.filter(rota=rota, cancelled_at=None, ends_at__gt=now).update(cancelled_at=now)
    publish(
        events.RotaDeleted(
            rota_id=rota_id, team_id=rota.team_id, before=before, at=now, actor=actor
        )
    )


def _lock(rota_id: int) -> Rota:
    rota = Rota.objects.select_for_update().filter(id=rota_id, deleted_at=None).first()
    if rota is None:
        raise errors.RotaNotFound(rota_id=rota_id)
    return rota


def _fill(
    rota: Rota, *, name: str, description: str, zone: str, coverage: Sequence[WeeklyWindow]
) -> None:
    checks.check_windows(coverage)
    rota.name = checks.clean_name(name)
    rota.description = checks.clean_text(description)
    rota.time_zone = checks.clean_zone(zone).key
    rota.coverage = [[window.starts, window.ends] for window in coverage]


def _save(rota: Rota) -> None:
    try:
        with transaction.atomic():
            rota.save()
    except IntegrityError as error:
        raise errors.RotaNameTaken(name=rota.name, field="name") from error


def _check_not_begun(layer: LayerSpec, from_day: date, now: datetime) -> None:
    shift = layer_logic.shift_at(layer, now)
    if shift and reading(shift[0], layer.zone).date() >= from_day:
        raise errors.MembersFromPast(day=from_day, field="from_day")


def _state(rota_id: int) -> dict[str, Any]:
    return asdict(queries.rota(rota_id))


def _announce(rota: Rota, before: dict[str, Any], *, now: datetime, actor: str) -> None:
    after = _state(rota.id)
    if before == after:
        return
    changed = events.RotaChanged(
        rota_id=rota.id, team_id=rota.team_id, before=before, after=after, at=now, actor=actor
    )
    publish(changed)
