"""Rotas for tests. They hand over on Mondays at 09:00 in Berlin, and the first turn runs."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from tests.factories.identity import NOW, make_team
from tests.factories.oncall_specs import layer_spec, slots

from evenfall.identity.models import Team, User
from evenfall.oncall import actions
from evenfall.oncall.ports import LayerSpec, LieutenantRule, OverrideKind, Role, WeeklyWindow

THIS_MONDAY = "2026-03-02 09:00"  # the one of NOW


def main_layer(*people: User | None, **rest: object) -> LayerSpec:
    """A weekly layer in which the first person has the week of NOW."""
    members = slots(*(person.id if person else None for person in people))
    return layer_spec(members=members, **{"starts_at": THIS_MONDAY, **rest})  # type: ignore[arg-type] # passed on as given


def make_rota(
    *people: User | None,
    team: Team | None = None,
    name: str = "Payments",
    layers: Sequence[LayerSpec] = (),
    lieutenant: LieutenantRule | None = None,
    coverage: Sequence[WeeklyWindow] = (),
    now: datetime = NOW,
) -> int:
    """The id of a rota with one weekly layer of these people, unless layers are given."""
    return actions.create_rota(
        team_id=(team or make_team()).id,
        name=name,
        zone="Europe/Berlin",
        layers=layers or [main_layer(*people)],
        lieutenant=lieutenant or LieutenantRule(),
        coverage=coverage,
        now=now,
        actor="system",
    )


def make_override(
    rota_id: int,
    user: User,
    *,
    starts_at: datetime = NOW,
    hours: float = 4,
    role: Role = Role.PRIMARY,
    note: str = "",
    now: datetime = NOW,
) -> int:
    """The id of an override by which the user takes over."""
    return actions.add_override(
        rota_id=rota_id,
        kind=OverrideKind.REPLACE,
        role=role,
        user_id=user.id,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=hours),
        note=note,
        now=now,
        actor="system",
    )
