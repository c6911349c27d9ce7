"""From rows to the values the schedule is computed from: two queries for any number of rotas."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from django.db import connection
from django.db.models import F, Q

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
from evenfall.oncall.models import Layer, Override

NOTHING = timedelta()


def specs(
    rota_ids: Collection[int], *, since: datetime, until: datetime | None = None
) -> dict[int, RotaSpec]:
    """The rotas with what can matter from `since` until `until` (None: for ever).

    Deleted rotas are among them, with nobody on call since; unknown ids are left out.
    """
    by_rota = _plans(rota_ids)
    # who was on before decides who rests
    back = max((look_back(plan) for _, plans in by_rota for plan in plans), default=NOTHING)
    overrides = _overrides(rota_ids, since - back, until)
    return {rota.id: _rota(rota, plans, overrides[rota.id]) for rota, plans in by_rota}


def layer_spec(layer: Layer) -> LayerSpec:
    """The value of a layer whose members are prefetched in order."""
    members = (
        MemberSlot(user_id=m.user_id, joins_on=m.joins_on, leaves_on=m.leaves_on)
        for m in layer.members.all()
    )
    return _layer(layer, members)


def windows_of(pairs: Iterable[Sequence[int]]) -> tuple[WeeklyWindow, ...]:
    return tuple(WeeklyWindow(starts=starts, ends=ends) for starts, ends in pairs)


class _RotaRow(NamedTuple):
    id: int
    time_zone: str
    coverage: list[list[int]]
    deleted_at: datetime | None


class _PlanRow(NamedTuple):
    id: int
    starts_at: datetime
    lieutenant_kind: str
    lieutenant_user_id: int | None
    spares_previous: bool


class _LayerRow(NamedTuple):
    """A layer with its rota, plan and members. Plain columns: pages ask for hundreds of rotas.

    `members` are (who, since when, until when), in order.
    """

    rota: _RotaRow
    plan: _PlanRow
    id: int
    role: str
    name: str
    time_zone: str
    starts_on: date
    hands_over_at: time
    shift_hours: list[int]
    windows: list[list[int]]
    members: str


# By hand: it is on the way of every page, and Django takes longer to write it than PostgreSQL to
# run it.
_LAYERS: Final = """
SELECT rota.id, rota.time_zone, rota.coverage, rota.deleted_at,
       plan.id, plan.starts_at, plan.lieutenant_kind, plan.lieutenant_user_id,
       plan.lieutenant_spares_previous,
       layer.id, layer.role, layer.name, layer.time_zone, layer.starts_on, layer.hands_over_at,
       layer.shift_hours, layer.windows,
       (SELECT coalesce(json_agg(json_build_array(user_id, joins_on, leaves_on)
                                 ORDER BY position), '[]')::text
          FROM oncall_member WHERE layer_id = layer.id)
  FROM oncall_rota rota
  JOIN oncall_plan plan ON plan.rota_id = rota.id
  JOIN oncall_layer layer ON layer.plan_id = plan.id
 WHERE rota.id = ANY(%s)
 ORDER BY rota.id, plan.starts_at, layer.precedence
"""
_MEMBERS: Final = msgspec.json.Decoder(list[tuple[int | None, date | None, date | None]])


def _plans(rota_ids: Collection[int]) -> list[tuple[_RotaRow, tuple[PlanSpec, ...]]]:
    """Each rota with its plans, the earliest first; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_LAYERS, [list(rota_ids)])
        rows = [
            _LayerRow(_RotaRow(*row[:4]), _PlanRow(*row[4:9]), *row[9:])
            for row in cursor.fetchall()
        ]
    return [
        (rota, tuple(_plan(*pair) for pair in groupby(layers, key=lambda row: row.plan)))
        for rota, layers in groupby(rows, key=lambda row: row.rota)
    ]


def _members(row: _LayerRow) -> Iterator[MemberSlot]:
    for user_id, joins_on, leaves_on in _MEMBERS.decode(row.members):
        yield MemberSlot(user_id=user_id, joins_on=joins_on, leaves_on=leaves_on)


def _rota(rota: _RotaRow, plans: tuple[PlanSpec, ...], overrides: list[OverrideSpec]) -> RotaSpec:
    if rota.deleted_at is not None:
        held = (plan for plan in plans if plan.starts_at < rota.deleted_at)
        plans = (*held, PlanSpec(starts_at=rota.deleted_at, layers=()))
    return RotaSpec(
        zone=ZoneInfo(rota.time_zone),
        plans=plans,
        overrides=tuple(overrides),
        coverage=windows_of(rota.coverage),
    )


def _plan(plan: _PlanRow, rows: Iterable[_LayerRow]) -> PlanSpec:
    by_role: dict[Role, list[LayerSpec]] = {role: [] for role in Role}
    for row in rows:
        by_role[Role(row.role)].append(_layer(row, _members(row)))
    return PlanSpec(
        starts_at=plan.starts_at,
        layers=tuple(by_role[Role.PRIMARY]),
        lieutenant=LieutenantRule(
            kind=LieutenantKind(plan.lieutenant_kind),
            user_id=plan.lieutenant_user_id,
            layers=tuple(by_role[Role.LIEUTENANT]),
            spares_previous=plan.spares_previous,
        ),
        shadows=tuple(by_role[Role.SHADOW]),
    )


def _layer(row: _LayerRow | Layer, members: Iterable[MemberSlot]) -> LayerSpec:
    return LayerSpec(
        name=row.name,
        zone=ZoneInfo(row.time_zone),
        pattern=ShiftPattern(
            starts_at=datetime.combine(row.starts_on, row.hands_over_at),
            hours=tuple(row.shift_hours),
        ),
        members=tuple(members),
        windows=windows_of(row.windows),
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
