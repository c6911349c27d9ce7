"""Rotas, as a manifest wants them. A new plan holds from now on; the past stays as it was."""

from collections.abc import Iterable
from datetime import datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from evenfall.manifests import errors
from evenfall.manifests.actions.hands import Hands
from evenfall.manifests.actions.said import day
from evenfall.manifests.logic import specs
from evenfall.manifests.logic.planning import Change
from evenfall.manifests.logic.specs import WEEKDAYS
from evenfall.manifests.queries.names import PEOPLE
from evenfall.oncall import actions as oncall_actions
from evenfall.oncall.ports import (
    LayerSpec,
    LieutenantRule,
    MemberSlot,
    ShiftPattern,
    WeeklyWindow,
)

_DAY = 24 * 60


def rota(change: Change, hands: Hands) -> int:
    """Make, change or delete a rota. Its plan is written only where it differs."""
    before, after, own_id = change.before, change.after, change.own_id
    if isinstance(before, specs.Rota):
        hands.team(before.team)
    if not isinstance(after, specs.Rota):
        rota_id = own_id or 0
        oncall_actions.delete_rota(rota_id=rota_id, **hands.signed)
        return rota_id
    team_id = hands.team(after.team) or 0
    if own_id is None:
        return oncall_actions.create_rota(
            team_id=team_id,
            name=after.name,
            description=after.description,
            zone=after.time_zone,
            coverage=_windows(after.coverage),
            layers=_layers(after.layers, hands),
            lieutenant=_lieutenant(after.lieutenant, hands),
            shadows=_layers(after.shadows, hands),
            **hands.signed,
        )
    _change(own_id, before, after, hands)
    return own_id


def _change(rota_id: int, before: specs.Spec | None, after: specs.Rota, hands: Hands) -> None:
    if isinstance(before, specs.Rota) and before.team != after.team:
        raise errors.TeamStays(field="team", team=before.team)
    same = isinstance(before, specs.Rota) and _plan(before) == _plan(after)
    oncall_actions.change_rota(
        rota_id=rota_id,
        name=after.name,
        description=after.description,
        zone=after.time_zone,
        coverage=_windows(after.coverage),
        layers=() if same else _layers(after.layers, hands),
        lieutenant=_lieutenant(after.lieutenant, hands),
        shadows=_layers(after.shadows, hands),
        **hands.signed,
    )


def _plan(said: specs.Rota) -> tuple[object, ...]:
    return (said.layers, said.lieutenant, said.shadows)


def _layers(layers: Iterable[specs.Layer], hands: Hands) -> list[LayerSpec]:
    return [
        LayerSpec(
            name=layer.name,
            zone=_zone(layer.time_zone),
            pattern=ShiftPattern(
                starts_at=datetime.combine(
                    day(layer.starts_on), time.fromisoformat(layer.hands_over_at)
                ),
                hours=layer.shift_hours,
            ),
            members=tuple(_member(one, hands) for one in layer.members),
            windows=tuple(_windows(layer.windows)),
        )
        for layer in layers
    ]


def _member(said: specs.Member, hands: Hands) -> MemberSlot:
    return MemberSlot(
        user_id=hands.names.id_or_none(PEOPLE, said.person),
        joins_on=day(said.joins_on) if said.joins_on else None,
        leaves_on=day(said.leaves_on) if said.leaves_on else None,
    )


def _lieutenant(said: specs.Lieutenant, hands: Hands) -> LieutenantRule:
    return LieutenantRule(
        kind=said.kind,
        user_id=hands.names.id_or_none(PEOPLE, said.person),
        layers=tuple(_layers(said.layers, hands)),
        spares_previous=said.spares_previous,
    )


def _windows(said: Iterable[specs.WeekSpan]) -> list[WeeklyWindow]:
    return [
        WeeklyWindow(
            starts=_minute(one.from_day, one.from_time),
            ends=_minute(one.until_day, one.until_time),
        )
        for one in said
    ]


def _minute(day: str, clock: str) -> int:
    at = time.fromisoformat(clock)
    return WEEKDAYS.index(day) * _DAY + at.hour * 60 + at.minute


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise errors.NoSuchZone(zone=name) from None
