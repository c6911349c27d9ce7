"""Rotas and overrides as pages, API and audit show them."""

import typing
from collections.abc import Collection, Iterable
from datetime import date, datetime, time

from django.db.models import Prefetch, Q, QuerySet
from msgspec import Struct
from msgspec.structs import asdict

from evenfall.oncall import errors
from evenfall.oncall.models import Layer, Member, Override, Plan, Rota
from evenfall.platform import pages


class RotaView(Struct, frozen=True, kw_only=True):
    """`time_zone` is an IANA name; `coverage` are weekly minutes, empty for around the clock."""

    id: int
    team_id: int
    name: str
    description: str
    time_zone: str
    coverage: list[list[int]]

    @typing.override
    def __hash__(self) -> int:
        return hash(self.id)


class MemberView(Struct, frozen=True, kw_only=True):
    user_id: int | None
    joins_on: date | None
    leaves_on: date | None


class LayerView(Struct, frozen=True, kw_only=True):
    """`role` is the one it fills; windows are weekly minutes, empty for always."""

    id: int
    role: str
    name: str
    time_zone: str
    starts_on: date
    hands_over_at: time
    shift_hours: list[int]
    windows: list[list[int]]
    members: list[MemberView]


class PlanView(Struct, frozen=True, kw_only=True):
    """Layers from the lowest precedence to the highest."""

    starts_at: datetime
    lieutenant_kind: str
    lieutenant_user_id: int | None
    lieutenant_spares_previous: bool
    layers: list[LayerView]


class RotaDetail(RotaView, frozen=True, kw_only=True):
    """A rota with its newest plan, which may begin in the future."""

    plan: PlanView


class OverrideView(Struct, frozen=True, kw_only=True):
    id: int
    rota_id: int
    role: str
    kind: str
    user_id: int | None
    instead_of_id: int | None
    starts_at: datetime
    ends_at: datetime
    note: str
    created_by: str
    cancelled_at: datetime | None


def rotas(ids: Collection[int] | None = None, *, most: int | None = None) -> list[RotaView]:
    """These rotas by name, or all of them; never deleted ones, and with `most` the first few."""
    rows = _existing() if ids is None else _existing().filter(id__in=ids)
    return [_rota(row) for row in rows.order_by("name", "id")[:most]]


def find_rotas(text: str, *, limit: int) -> list[RotaView]:
    """The first rotas by name that match: for the search box."""
    rows = _existing().filter(name__icontains=text).order_by("name", "id")
    return [_rota(row) for row in rows[:limit]]


def rotas_of_teams(team_ids: Collection[int], *, and_ids: Collection[int] = ()) -> list[RotaView]:
    """The rotas of these teams and those with these ids, by name; never deleted ones."""
    rows = _existing().filter(Q(team_id__in=team_ids) | Q(id__in=and_ids))
    return [_rota(row) for row in rows.order_by("name", "id")]


def teams_with_rotas() -> set[int]:
    """The ids of the teams that have one."""
    return set(_existing().values_list("team_id", flat=True).distinct())


def rotas_of_team(team_id: int) -> list[RotaView]:
    rows = _existing().filter(team_id=team_id).order_by("name", "id")
    return [_rota(row) for row in rows]


def rotas_page(*, cursor: str | None) -> tuple[list[RotaView], str | None]:
    """Fifty rotas by name, and the cursor of the next page or None."""
    page = pages.keyset(_existing(), order=("name", "id"), cursor=cursor)
    return [_rota(row) for row in page.items], page.next_cursor


def rota(rota_id: int) -> RotaDetail:
    """Raises `RotaNotFound`, also for a deleted one."""
    layers = Layer.objects.order_by("role", "precedence").prefetch_related(
        Prefetch("members", Member.objects.order_by("position"))
    )
    newest = Plan.objects.order_by("-starts_at").prefetch_related(Prefetch("layers", layers))
    row = _existing().filter(id=rota_id).prefetch_related(Prefetch("plans", newest)).first()
    if row is None:
        raise errors.RotaNotFound(rota_id=rota_id)
    return RotaDetail(**asdict(_rota(row)), plan=_plan(row.plans.all()[0]))


def coming_overrides(rota_id: int, *, now: datetime) -> list[OverrideView]:
    """The overrides that run or will run, by start."""
    rows = Override.objects.filter(rota_id=rota_id, cancelled_at=None, ends_at__gt=now)
    return [_override(row) for row in rows.order_by("starts_at", "id")]


def override(rota_id: int, override_id: int) -> OverrideView:
    """Raises `OverrideNotFound`."""
    row = Override.objects.filter(rota_id=rota_id, id=override_id).first()
    if row is None:
        raise errors.OverrideNotFound(override_id=override_id)
    return _override(row)


def _existing() -> QuerySet[Rota]:
    return Rota.objects.filter(deleted_at=None)


def _rota(row: Rota) -> RotaView:
    return RotaView(
        id=row.id,
        team_id=row.team_id,
        name=row.name,
        description=row.description,
        time_zone=row.time_zone,
        coverage=row.coverage,
    )


def _plan(row: Plan) -> PlanView:
    return PlanView(
        starts_at=row.starts_at,
        lieutenant_kind=row.lieutenant_kind,
        lieutenant_user_id=row.lieutenant_user_id,
        lieutenant_spares_previous=row.lieutenant_spares_previous,
        layers=[_layer(layer) for layer in row.layers.all()],
    )


def _layer(row: Layer) -> LayerView:
    return LayerView(
        id=row.id,
        role=row.role,
        name=row.name,
        time_zone=row.time_zone,
        starts_on=row.starts_on,
        hands_over_at=row.hands_over_at,
        shift_hours=row.shift_hours,
        windows=row.windows,
        members=_members(row.members.all()),
    )


def _members(rows: Iterable[Member]) -> list[MemberView]:
    return [
        MemberView(user_id=row.user_id, joins_on=row.joins_on, leaves_on=row.leaves_on)
        for row in rows
    ]


def _override(row: Override) -> OverrideView:
    return OverrideView(
        id=row.id,
        rota_id=row.rota_id,
        role=row.role,
        kind=row.kind,
        user_id=row.user_id,
        instead_of_id=row.instead_of_id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        note=row.note,
        created_by=row.created_by,
        cancelled_at=row.cancelled_at,
    )
