"""A plan that nobody saved yet, as if it had held in the past."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import lcm

from msgspec import Struct
from msgspec.structs import replace

from evenfall.oncall.logic.spec import LayerSpec, MemberSlot, PlanSpec, RotaSpec
from evenfall.platform.wall_clock import reading

WEEK_HOURS = 7 * 24


class RotaChange(Struct, frozen=True, kw_only=True):
    """The plan that a rota would have; `rota_id` None is a new one, which nothing uses yet."""

    plan: PlanSpec
    rota_id: int | None = None


def as_if_earlier(spec: RotaSpec, plan: PlanSpec, since: datetime) -> RotaSpec:
    """The rota with this plan from `since` on, instead of what held then.

    The turns are counted backwards: whoever would have the first shift of the plan had it a whole
    number of rounds before as well. Everybody in the plan counts as if they had always been there.
    Overrides stay: they are what people agreed on then.
    """
    earlier = PlanSpec(
        starts_at=since,
        layers=_earlier(plan.layers, since),
        lieutenant=replace(plan.lieutenant, layers=_earlier(plan.lieutenant.layers, since)),
        shadows=_earlier(plan.shadows, since),
    )
    return replace(spec, plans=(earlier,))


def _earlier(layers: Sequence[LayerSpec], since: datetime) -> tuple[LayerSpec, ...]:
    return tuple(_layer(layer, since) for layer in layers)


def _layer(layer: LayerSpec, since: datetime) -> LayerSpec:
    """The layer with its start moved back by whole rounds, so that it runs at `since`.

    A round is as many hours after which the shifts, the hours of the week and the turns are all at
    their beginning again. On the wall, so that hand-over keeps its hour over a change of clocks.
    """
    members = tuple(MemberSlot(user_id=slot.user_id) for slot in layer.members)
    wanted = reading(since, layer.zone) - timedelta(hours=sum(layer.pattern.hours))
    start = layer.pattern.starts_at
    if start > wanted:
        hours = lcm(sum(layer.pattern.hours), WEEK_HOURS) * max(len(members), 1)
        round_ = timedelta(hours=hours)
        start -= round_ * -((wanted - start) // round_)
    return replace(layer, pattern=replace(layer.pattern, starts_at=start), members=members)
