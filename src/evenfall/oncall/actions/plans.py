"""Plans as rows. Callers hold the lock on the rota and have checked what they save."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from evenfall.oncall.logic.layers import begins_at
from evenfall.oncall.logic.spec import LayerSpec, LieutenantRule, MemberSlot, Role
from evenfall.oncall.models import Layer, Member, Plan, Rota


def add(
    rota: Rota,
    layers: Sequence[LayerSpec],
    lieutenant: LieutenantRule,
    *,
    shadows: Sequence[LayerSpec] = (),
    holds_from: datetime | None = None,
    now: datetime,
) -> None:
    """Save a plan that holds from its first shift and `holds_from`, at the earliest from now."""
    starts_at = max(begins_at(layers, holds_from), now)
    Plan.objects.filter(rota=rota, starts_at__gte=starts_at).delete()
    plan = Plan.objects.create(
        rota=rota,
        starts_at=starts_at,
        lieutenant_kind=lieutenant.kind.value,
        lieutenant_user_id=lieutenant.user_id,
        lieutenant_spares_previous=lieutenant.spares_previous,
    )
    _add_layers(plan, Role.PRIMARY, layers)
    _add_layers(plan, Role.LIEUTENANT, lieutenant.layers)
    _add_layers(plan, Role.SHADOW, shadows)


def newest(rota: Rota) -> Plan:
    return Plan.objects.filter(rota=rota).latest("starts_at")


def add_members(layer: Layer, slots: Iterable[MemberSlot]) -> None:
    Member.objects.bulk_create(
        Member(
            layer=layer,
            position=position,
            user_id=slot.user_id,
            joins_on=slot.joins_on,
            leaves_on=slot.leaves_on,
        )
        for position, slot in enumerate(slots)
    )


def _add_layers(plan: Plan, role: Role, layers: Iterable[LayerSpec]) -> None:
    for precedence, spec in enumerate(layers):
        layer = Layer.objects.create(
            plan=plan,
            role=role.value,
            precedence=precedence,
            name=spec.name,
            time_zone=spec.zone.key,
            starts_on=spec.pattern.starts_at.date(),
            hands_over_at=spec.pattern.starts_at.time(),
            shift_hours=list(spec.pattern.hours),
            windows=[[window.starts, window.ends] for window in spec.windows],
        )
        add_members(layer, spec.members)
