"""From rows to the values the schedule is computed from: one query for any number of rotas."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from django.db import connection
from django.db.backends.utils import CursorWrapper
from msgspec import Struct

from evenfall.oncall.logic.rest import MOST_BACK
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
from evenfall.oncall.models import Layer, Member, Override


class NamedSpec(Struct, frozen=True, kw_only=True):
    """A rota as it is computed from, and what it is called."""

    id: int
    team_id: int
    name: str
    spec: RotaSpec


def specs(
    rota_ids: Collection[int], *, since: datetime, until: datetime | None = None
) -> dict[int, RotaSpec]:
    """The rotas with what can matter from `since` until `until` (None: for ever).

    Deleted rotas are among them, with nobody on call since; unknown ids are left out. One query,
    and none for no rota.
    """
    if not rota_ids:
        return {}
    wanted: dict[str, Any] = {
        "rotas": list(rota_ids),
        "since": since,
        "until": until,
        "most_back": MOST_BACK + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(_BY_ID, wanted)
        return {one.id: one.spec for one in _named(cursor)}


def standing_specs(
    team_ids: Collection[int],
    *,
    and_ids: Collection[int],
    since: datetime,
    until: datetime | None = None,
) -> list[NamedSpec]:
    """The rotas of these teams and those with these ids, by name; never deleted ones. One query.

    With what can matter from `since` until `until` (None: for ever).
    """
    if not team_ids and not and_ids:
        return []
    wanted: dict[str, Any] = {
        "teams": list(team_ids),
        "rotas": list(and_ids),
        "since": since,
        "until": until,
        "most_back": MOST_BACK + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, wanted)
        return list(_named(cursor))


def layer_spec(layer: Layer) -> LayerSpec:
    """The value of a layer whose members are prefetched in order."""
    return _layer(layer, (_member(member) for member in layer.members.all()))


def windows_of(pairs: Iterable[Sequence[int]]) -> tuple[WeeklyWindow, ...]:
    return tuple(WeeklyWindow(starts=starts, ends=ends) for starts, ends in pairs)


# Rows of JSON as PostgreSQL writes them, in the order of the statement below.
class _MemberRow(Struct, array_like=True, frozen=True):
    user_id: int | None
    joins_on: date | None
    leaves_on: date | None


class _LayerRow(Struct, array_like=True, frozen=True):
    role: Role
    name: str
    time_zone: str
    starts_on: date
    hands_over_at: time
    shift_hours: tuple[int, ...]
    windows: tuple[tuple[int, int], ...]
    members: tuple[_MemberRow, ...]


class _PlanRow(Struct, array_like=True, frozen=True):
    starts_at: datetime
    lieutenant_kind: LieutenantKind
    lieutenant_user_id: int | None
    spares_previous: bool
    layers: tuple[_LayerRow, ...]


class _OverrideRow(Struct, array_like=True, frozen=True):
    role: Role
    kind: OverrideKind
    starts_at: datetime
    ends_at: datetime
    user_id: int | None
    instead_of: int | None
    note: str


_PLANS: Final = msgspec.json.Decoder(tuple[_PlanRow, ...])
_OVERRIDES: Final = msgspec.json.Decoder(tuple[_OverrideRow, ...])

# By hand and in one go: it is on the way of every page, and Django takes longer to write such
# statements than PostgreSQL to run them. Who was on before decides who rests, so overrides count
# from so many hours before `since` as the longest predecessor of a shift may lie back; a few too
# many change nothing. A plan without layers is none.
_ROTAS: Final = """
SELECT rota.id, rota.team_id, rota.name, rota.time_zone, rota.coverage, rota.deleted_at,
       plans.told, overrides.told
  FROM oncall_rota rota
 CROSS JOIN LATERAL (
       SELECT json_agg(json_build_array(
                  plan.starts_at, plan.lieutenant_kind, plan.lieutenant_user_id,
                  plan.lieutenant_spares_previous, layers.told) ORDER BY plan.starts_at)::text,
              coalesce(max(layers.longest) FILTER (WHERE plan.lieutenant_spares_previous), 0)
         FROM oncall_plan plan
        CROSS JOIN LATERAL (
              SELECT json_agg(json_build_array(
                         layer.role, layer.name, layer.time_zone, layer.starts_on,
                         layer.hands_over_at, layer.shift_hours, layer.windows,
                         (SELECT coalesce(json_agg(
                                     json_build_array(user_id, joins_on, leaves_on)
                                     ORDER BY position), '[]')
                            FROM oncall_member WHERE layer_id = layer.id))
                         ORDER BY layer.precedence),
                     max((SELECT max(hours) FROM unnest(layer.shift_hours) AS hours))
                FROM oncall_layer layer WHERE layer.plan_id = plan.id
              ) AS layers (told, longest)
        WHERE plan.rota_id = rota.id AND layers.told IS NOT NULL
       ) AS plans (told, longest)
 CROSS JOIN LATERAL (
       SELECT coalesce(json_agg(json_build_array(
                  role, kind, starts_at, least(ends_at, cancelled_at), user_id, instead_of_id, note)
                  ORDER BY id), '[]')::text
         FROM oncall_override
        WHERE rota_id = rota.id
          AND (cancelled_at IS NULL OR cancelled_at > starts_at)
          AND ends_at > %(since)s - CASE WHEN plans.longest > 0 THEN
              make_interval(hours => plans.longest * %(most_back)s + 24) ELSE interval '0' END
          AND starts_at < coalesce(%(until)s::timestamptz, 'infinity')
       ) AS overrides (told)
 WHERE plans.told IS NOT NULL
"""
_BY_ID: Final = _ROTAS + " AND rota.id = ANY(%(rotas)s) ORDER BY rota.id"
_STANDING: Final = (
    _ROTAS
    + " AND rota.deleted_at IS NULL AND (rota.team_id = ANY(%(teams)s) OR rota.id = ANY(%(rotas)s))"
    + " ORDER BY rota.name, rota.id"
)


def _named(cursor: CursorWrapper) -> Iterator[NamedSpec]:
    for rota_id, team_id, name, zone, coverage, deleted_at, plans, overrides in cursor.fetchall():
        spec = RotaSpec(
            zone=ZoneInfo(zone),
            plans=_plans(_PLANS.decode(plans), deleted_at),
            overrides=tuple(_override(row) for row in _OVERRIDES.decode(overrides)),
            coverage=windows_of(coverage),
        )
        yield NamedSpec(id=rota_id, team_id=team_id, name=name, spec=spec)


def _plans(rows: Iterable[_PlanRow], deleted_at: datetime | None) -> tuple[PlanSpec, ...]:
    plans = tuple(_plan(row) for row in rows)
    if deleted_at is None:
        return plans
    held = (plan for plan in plans if plan.starts_at < deleted_at)
    return (*held, PlanSpec(starts_at=deleted_at, layers=()))


def _plan(plan: _PlanRow) -> PlanSpec:
    by_role: dict[Role, list[LayerSpec]] = {role: [] for role in Role}
    for row in plan.layers:
        by_role[row.role].append(_layer(row, (_member(member) for member in row.members)))
    return PlanSpec(
        starts_at=plan.starts_at,
        layers=tuple(by_role[Role.PRIMARY]),
        lieutenant=LieutenantRule(
            kind=plan.lieutenant_kind,
            user_id=plan.lieutenant_user_id,
            layers=tuple(by_role[Role.LIEUTENANT]),
            spares_previous=plan.spares_previous,
        ),
        shadows=tuple(by_role[Role.SHADOW]),
    )


def _member(row: _MemberRow | Member) -> MemberSlot:
    return MemberSlot(user_id=row.user_id, joins_on=row.joins_on, leaves_on=row.leaves_on)


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


def _override(row: _OverrideRow) -> OverrideSpec:
    return OverrideSpec(
        role=row.role,
        kind=row.kind,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        user_id=row.user_id,
        instead_of=row.instead_of,
        note=row.note,
    )


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
