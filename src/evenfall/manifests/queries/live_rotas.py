"""Rotas in the words of a manifest: the newest plan, which may begin in the future."""

from collections.abc import Iterable
from datetime import datetime

from evenfall.manifests.logic import specs
from evenfall.manifests.logic.planning import Live
from evenfall.manifests.logic.reading import Thing
from evenfall.manifests.logic.specs import WEEKDAYS
from evenfall.manifests.queries.names import PEOPLE, Names
from evenfall.oncall import queries as oncall_queries
from evenfall.oncall.ports import LayerSpec, LieutenantRule, MemberSlot, WeeklyWindow

_DAY = 24 * 60


def rotas(names: Names, now: datetime) -> dict[Thing, Live]:
    """All rotas with their newest plans; a handful of queries."""
    rows = oncall_queries.rotas()
    plans = oncall_queries.rota_specs([row.id for row in rows], since=now)
    found = {}
    for row in rows:
        spec = plans[row.id]
        plan = spec.plans[-1]
        found[Thing("rotas", names.key("rotas", row.id) or "")] = Live(
            row.id,
            specs.Rota(
                name=row.name,
                team=names.key("teams", row.team_id) or "",
                description=row.description,
                time_zone=row.time_zone,
                coverage=_windows(spec.coverage),
                layers=_layers(plan.layers, names),
                lieutenant=_lieutenant(plan.lieutenant, names),
                shadows=_layers(plan.shadows, names),
            ),
        )
    return found


def _layers(layers: Iterable[LayerSpec], names: Names) -> tuple[specs.Layer, ...]:
    return tuple(
        specs.Layer(
            name=layer.name,
            time_zone=layer.zone.key,
            starts_on=layer.pattern.starts_at.date().isoformat(),
            hands_over_at=f"{layer.pattern.starts_at:%H:%M}",
            shift_hours=layer.pattern.hours,
            members=tuple(_member(slot, names) for slot in layer.members),
            windows=_windows(layer.windows),
        )
        for layer in layers
    )


def _member(slot: MemberSlot, names: Names) -> specs.Member:
    return specs.Member(
        person=names.key(PEOPLE, slot.user_id),
        joins_on=slot.joins_on.isoformat() if slot.joins_on else None,
        leaves_on=slot.leaves_on.isoformat() if slot.leaves_on else None,
    )


def _lieutenant(rule: LieutenantRule, names: Names) -> specs.Lieutenant:
    return specs.Lieutenant(
        kind=rule.kind,
        person=names.key(PEOPLE, rule.user_id),
        layers=_layers(rule.layers, names),
        spares_previous=rule.spares_previous,
    )


def _windows(windows: Iterable[WeeklyWindow]) -> tuple[specs.WeekSpan, ...]:
    return tuple(_window(window) for window in windows)


def _window(window: WeeklyWindow) -> specs.WeekSpan:
    (from_day, from_minute), (until_day, until_minute) = (
        divmod(minute % (7 * _DAY), _DAY) for minute in (window.starts, window.ends)
    )
    return specs.WeekSpan(
        from_day=WEEKDAYS[from_day],
        from_time=_clock(from_minute),
        until_day=WEEKDAYS[until_day],
        until_time=_clock(until_minute),
    )


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
