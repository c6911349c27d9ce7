"""What the editor of a rota shows at first: a rota as it goes on, or a ready one."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from evenfall.oncall.forms.rotas import CUSTOM, EMPTY_PLACE, SHIFTS
from evenfall.oncall.forms.rows import Tree
from evenfall.oncall.logic.shift_words import in_words
from evenfall.oncall.logic.spec import PlanSpec
from evenfall.oncall.logic.week_hours import as_lines
from evenfall.oncall.ports import LayerSpec, MemberSlot, Role, WeeklyWindow

SPARE_PLACES = 2
NO_HOURS: Tree = {"starts": "09:00", "ends": "17:00"}


def spare_places() -> list[Tree]:
    return [{"person": ""} for _ in range(SPARE_PLACES)]


def tree_of_plan(
    plan: PlanSpec, coverage: Iterable[WeeklyWindow] = (), *, holds_from: datetime | None = None
) -> Tree:
    """The plan as the editor shows it; `holds_from` is on the wall of the rota."""
    rule = plan.lieutenant
    by_role = {
        Role.PRIMARY: plan.layers,
        Role.LIEUTENANT: rule.layers,
        Role.SHADOW: plan.shadows,
    }
    return {
        "holds_on": holds_from.date() if holds_from else None,
        "holds_at": holds_from.time() if holds_from else None,
        "lieutenant": rule.kind.value,
        "lieutenant_user": rule.user_id,
        "spares_previous": rule.spares_previous,
        "coverage": _hours(coverage),
        "layers": [_layer(layer, role) for role, layers in by_role.items() for layer in layers],
    }


def _layer(layer: LayerSpec, role: Role) -> Tree:
    hours = ",".join(map(str, layer.pattern.hours))
    is_known = hours in dict(SHIFTS)
    return {
        "name": layer.name,
        "role": role.value,
        "zone": layer.zone.key,
        "starts_on": layer.pattern.starts_at.date(),
        "hands_over_at": layer.pattern.starts_at.time(),
        "shift": hours if is_known else CUSTOM,
        "length": "" if is_known else in_words(layer.pattern.hours),
        "members": [*_members(layer.members), *spare_places()],
        "hours": _hours(layer.windows),
    }


def _members(slots: Sequence[MemberSlot]) -> list[Tree]:
    return [
        {
            "person": EMPTY_PLACE if slot.user_id is None else str(slot.user_id),
            "joins_on": slot.joins_on,
            "leaves_on": slot.leaves_on,
        }
        for slot in slots
    ]


def _hours(windows: Iterable[WeeklyWindow]) -> list[Tree]:
    return [
        {"days": sorted(line.days), "starts": line.starts, "ends": line.ends}
        for line in as_lines(windows)
    ]
