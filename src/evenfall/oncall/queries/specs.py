"""From rows to the values the schedule is computed from: three queries for any number of rotas."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db.models import F, Prefetch, Q

from evenfall.oncall.logic.rest import look_back
from evenfall.oncall.logic.spec import (
    LayerSpec,
    LieutenantKind,
    LieutenantRule,
    MemberSlot,
    OverrideKind,
    OverrideSpec,
    PlanSpec,
    Role,
    RotaSpec,
    ShiftPattern,
    WeeklyWindow,
)
from evenfall.oncall.models import Layer, Member, Override, Plan, Rota

NOTHING = timedelta()


def specs(
    rota_ids: Collection[int], *, since: datetime, until: datetime | None = None
) -> dict[int, RotaSpec]:
    """The rotas with what can matter from `since` until `until` (None: for ever).

    Deleted rotas are among them, with nobody on call since; unknown ids are left out.
    """
    layers = (
        Layer.objects.filter(plan__rota_id__in=rota_ids)
        .select_related("plan__rota")
        .prefetch_related(Prefetch("members", Member.objects.order_by("position")))
        .order_by("plan__rota_id", "plan__starts_at", "precedence")
    )
    by_rota = {
        rota: tuple(_plan(*pair) for pair in groupby(rows, key=lambda layer: layer.plan))
        for rota, rows in groupby(layers, key=lambda layer: layer.plan.rota)
    }
    # who was on before decides who rests
    back = max((look_back(plan) for plans in by_rota.values() for plan in plans), default=NOTHING)
    overrides = _overrides(rota_ids, since - back, until)
    return {rota.id: _rota(rota, plans, overrides[rota.id]) for rota, plans in by_rota.items()}


def layer_spec(layer: Layer) -> LayerSpec:
    """The value of a layer whose members are prefetched in order."""
    return LayerSpec(
        name=layer.name,
        zone=ZoneInfo(layer.time_zone),
        pattern=ShiftPattern(
            starts_at=datetime.combine(layer.starts_on, layer.hands_over_at),
            hours=tuple(layer.shift_hours),
        ),
        members=tuple(
            MemberSlot(user_id=m.user_id, joins_on=m.joins_on, leaves_on=m.leaves_on)
            for m in layer.members.all()
        ),
        windows=windows_of(layer.windows),
    )


def windows_of(pairs: Iterable[Sequence[int]]) -> tuple[WeeklyWindow, ...]:
    return tuple(WeeklyWindow(starts=starts, ends=ends) for starts, ends in pairs)


def _rota(rota: Rota, plans: tuple[PlanSpec, ...], overrides: list[OverrideSpec]) -> RotaSpec:
    if rota.deleted_at is not None:
        held = (plan for plan in plans if plan.starts_at < rota.deleted_at)
        plans = (*held, PlanSpec(starts_at=rota.deleted_at, layers=()))
    return RotaSpec(
        zone=ZoneInfo(rota.time_zone),
        plans=plans,
        overrides=tuple(overrides),
        coverage=windows_of(rota.coverage),
    )


def _plan(plan: Plan, rows: Iterable[Layer]) -> PlanSpec:
    by_role: dict[Role, list[LayerSpec]] = {role: [] for role in Role}
    for layer in rows:
        by_role[Role(layer.role)].append(layer_spec(layer))
    return PlanSpec(
        starts_at=plan.starts_at,
        layers=tuple(by_role[Role.PRIMARY]),
        lieutenant=LieutenantRule(
            kind=LieutenantKind(plan.lieutenant_kind),
            user_id=plan.lieutenant_user_id,
            layers=tuple(by_role[Role.LIEUTENANT]),
            spares_previous=plan.lieutenant_spares_previous,
        ),
        shadows=tuple(by_role[Role.SHADOW]),
    )


def _overrides(
    rota_ids: Collection[int], since: datetime, until: datetime | None
) -> dict[int, list[OverrideSpec]]:
    counting = Q(cancelled_at=None) | Q(cancelled_at__gt=F("starts_at"))
    rows = Override.objects.filter(counting, rota_id__in=rota_ids, ends_at__gt=since)
    if until is not None:
        rows = rows.filter(starts_at__lt=until)
    found: dict[int, list[OverrideSpec]] = defaultdict(list)
    for row in rows.order_by("id"):
        found[row.rota_id].append(override_spec(row))
    return found


def override_spec(row: Override) -> OverrideSpec:
    """The value of an override, which counts until it was cancelled."""
    return OverrideSpec(
        role=Role(row.role),
        kind=OverrideKind(row.kind),
        starts_at=row.starts_at,
        ends_at=min(row.ends_at, row.cancelled_at or row.ends_at),
        user_id=row.user_id,
        instead_of=row.instead_of_id,
        note=row.note,
    )
