"""Another order of the members that gives, by itself, who shall have the coming shifts.

Where there is one, a plan is written instead of many overrides. It exists when nobody is wanted
twice in one round, the members stay the same, and only the newest plan is concerned.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from evenfall.oncall.logic import diff, layers, shifts
from evenfall.oncall.logic.planner import Assignment
from evenfall.oncall.logic.spec import (
    LayerSpec,
    MemberSlot,
    OverrideKind,
    OverrideSpec,
    PlanSpec,
    Role,
    RotaSpec,
)
from evenfall.platform.wall_clock import reading

LEAST_CHANGES = 2
"""One override is no more than a new order is."""


def overrides_for(changes: Sequence[Assignment], role: Role) -> list[OverrideSpec]:
    """One override for each piece of a changed shift that is worked."""
    return [
        OverrideSpec(
            role=role,
            kind=_kind(one, role),
            starts_at=low,
            ends_at=high,
            user_id=one.user_id,
            instead_of=one.shift.user_id if role is Role.PRIMARY else None,
        )
        for one in changes
        for low, high in one.shift.pieces
    ]


def new_order(
    spec: RotaSpec, wanted: Sequence[Assignment], *, now: datetime, until: datetime
) -> PlanSpec | None:
    """The plan that gives the wanted primaries from the first change on; None when there is none.

    What it gives is computed and compared: until `until` it is the same as with overrides.
    """
    changes = [one for one in wanted if one.is_change]
    overrides = overrides_for(changes, Role.PRIMARY)
    if len(overrides) < LEAST_CHANGES or not spec.plans or spec.plans[-1].starts_at > now:
        return None
    at = min(one.shift.starts_at for one in changes)
    plan = _plan(spec.plans[-1], wanted, at)
    if plan is None:
        return None
    by_order = replace(spec, plans=(*spec.plans, plan))
    by_overrides = replace(spec, overrides=(*spec.overrides, *overrides))
    found = diff.diff(by_overrides, by_order, now, until)
    return None if any(change.role is Role.PRIMARY for change in found) else plan


def _kind(one: Assignment, role: Role) -> OverrideKind:
    is_gap = one.shift.user_id is None and role is Role.PRIMARY
    return OverrideKind.ADD if is_gap else OverrideKind.REPLACE


def _plan(plan: PlanSpec, wanted: Sequence[Assignment], at: datetime) -> PlanSpec | None:
    ordered = []
    for lane, layer in enumerate(plan.layers):
        carried = layers.carried_on(layer, at)
        mine = [one for one in wanted if one.shift.lane == lane and one.shift.starts_at >= at]
        if any(one.is_change for one in mine):
            members = _members(carried, mine)
            if members is None:
                return None
            carried = replace(carried, members=members)
        ordered.append(carried)
    seconds = tuple(layers.carried_on(one, at) for one in plan.lieutenant.layers)
    shadows = tuple(layers.carried_on(one, at) for one in plan.shadows)
    rule = replace(plan.lieutenant, layers=seconds)
    return PlanSpec(starts_at=at, layers=tuple(ordered), lieutenant=rule, shadows=shadows)


def _members(layer: LayerSpec, wanted: Sequence[Assignment]) -> tuple[MemberSlot, ...] | None:
    """The members in the order in which the wanted turns come round."""
    people = _stable(layer)
    if people is None:
        return None
    places: dict[int, int] = {}
    for one in wanted:
        if one.shift.is_settled:
            continue  # decided by an override, whoever's turn it is
        place = _turn(layer, one.shift.starts_at) % len(people)
        if one.user_id not in people or places.get(place, one.user_id) != one.user_id:
            return None
        places[place] = one.user_id
    if len(set(places.values())) < len(places):
        return None
    return tuple(MemberSlot(user_id=one) for one in _filled(people, places))


def _filled(people: Sequence[int], places: Mapping[int, int]) -> list[int]:
    """Everybody once: who has a place there, the others in the order they have."""
    rest = iter([one for one in people if one not in places.values()])
    return [places[place] if place in places else next(rest) for place in range(len(people))]


def _stable(layer: LayerSpec) -> list[int] | None:
    """The members of a layer that nobody joins or leaves and nobody is in twice."""
    start = layer.pattern.starts_at.date()
    people = [
        slot.user_id
        for slot in layer.members
        if slot.user_id is not None
        and slot.leaves_on is None
        and (slot.joins_on is None or slot.joins_on <= start)
    ]
    is_whole = len(people) == len(layer.members) and len(set(people)) == len(people)
    return people if people and is_whole else None


def _turn(layer: LayerSpec, at: datetime) -> int:
    """How many turns of the layer come before the one that runs at the instant."""
    number = shifts.shift_number(layer.pattern, reading(at, layer.zone))
    return shifts.turns(layer.pattern, layer.windows).before(number)
