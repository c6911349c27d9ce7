"""How much of a window somebody could have been on call at all."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from evenfall.oncall.logic import schedule
from evenfall.oncall.logic.spec import LayerSpec, MemberSlot, RotaSpec
from evenfall.platform.wall_clock import instant

type Stretch = tuple[datetime, datetime]


def memberships(
    specs: Iterable[RotaSpec], starts_at: datetime, ends_at: datetime
) -> dict[int, list[Stretch]]:
    """When each person had a place in the order of any of the rotas, touching stretches joined."""
    found: dict[int, list[Stretch]] = defaultdict(list)
    for spec in specs:
        for plan, low, high in schedule.reigns(spec, starts_at, ends_at):
            for layer in plan.layers:
                for slot in layer.members:
                    _add(found, layer, slot, low, high)
    return {user_id: joined(stretches) for user_id, stretches in found.items()}


def joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same time in stretches that neither touch nor overlap, in order."""
    result: list[Stretch] = []
    for low, high in sorted(stretches):
        if result and low <= result[-1][1]:
            result[-1] = (result[-1][0], max(high, result[-1][1]))
        else:
            result.append((low, high))
    return result


def without(stretches: Sequence[Stretch], away: Sequence[Stretch]) -> list[Stretch]:
    """The parts of the stretches that are in none of those to leave out; both are joined ones."""
    result: list[Stretch] = []
    for low, high in stretches:
        reached = low
        for gone, back in away:
            if reached < min(gone, high):
                result.append((reached, min(gone, high)))
            reached = max(reached, min(back, high))
        if reached < high:
            result.append((reached, high))
    return result


def length(stretches: Iterable[Stretch]) -> timedelta:
    return sum((high - low for low, high in stretches), timedelta())


def share(
    member: Sequence[Stretch], away: Sequence[Stretch], percent: int, window: timedelta
) -> float:
    """The part of the window in which somebody was a member and not away, for a part of full time.

    Someone who works half of full time has half the share, so the same duty weighs twice.
    """
    return length(without(member, joined(away))) / window * percent / 100


def _add(
    found: dict[int, list[Stretch]],
    layer: LayerSpec,
    slot: MemberSlot,
    low: datetime,
    high: datetime,
) -> None:
    if slot.user_id is None:
        return
    if slot.joins_on:
        low = max(low, _midnight(slot.joins_on, layer.zone))
    if slot.leaves_on:
        high = min(high, _midnight(slot.leaves_on, layer.zone))
    if low < high:
        found[slot.user_id].append((low.astimezone(UTC), high.astimezone(UTC)))


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return instant(datetime.combine(day, time.min), zone)
