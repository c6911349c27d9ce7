"""Rotas as values, for tests without a database: people are small numbers."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from evenfall.oncall.logic.spec import (
    LayerSpec,
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

BERLIN = ZoneInfo("Europe/Berlin")
DAY = 24 * 60
ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)


def at(text: str) -> datetime:
    """The instant of an ISO text, UTC unless it names an offset."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def wall(text: str) -> datetime:
    """A naive time on the wall."""
    return datetime.fromisoformat(text)


def window(starts: str, ends: str) -> WeeklyWindow:
    """A weekly window in words, each like Mon 09:00."""
    return WeeklyWindow(starts=_minute(starts), ends=_minute(ends))


def slots(*people: int | None) -> tuple[MemberSlot, ...]:
    return tuple(MemberSlot(user_id=person) for person in people)


def layer_spec(
    *people: int | None,
    starts_at: str = "2027-01-04 09:00",
    hours: tuple[int, ...] = (168,),
    zone: str = "Europe/Berlin",
    name: str = "Main",
    windows: tuple[WeeklyWindow, ...] = (),
    members: tuple[MemberSlot, ...] | None = None,
) -> LayerSpec:
    """A weekly layer that hands over on Mondays at 09:00 in Berlin."""
    return LayerSpec(
        name=name,
        zone=ZoneInfo(zone),
        pattern=ShiftPattern(starts_at=wall(starts_at), hours=hours),
        members=slots(*people) if members is None else members,
        windows=windows,
    )


def rota_spec(
    *layers: LayerSpec,
    overrides: tuple[OverrideSpec, ...] = (),
    lieutenant: LieutenantRule | None = None,
    coverage: tuple[WeeklyWindow, ...] = (),
) -> RotaSpec:
    """A rota with one plan that has always held."""
    rule = lieutenant or LieutenantRule()
    return RotaSpec(
        zone=layers[0].zone if layers else BERLIN,
        plans=(PlanSpec(starts_at=ALWAYS, layers=layers, lieutenant=rule),),
        overrides=overrides,
        coverage=coverage,
    )


def override_spec(
    starts_at: str,
    ends_at: str,
    user_id: int | None = None,
    *,
    kind: OverrideKind = OverrideKind.REPLACE,
    role: Role = Role.PRIMARY,
    instead_of: int | None = None,
    note: str = "",
) -> OverrideSpec:
    return OverrideSpec(
        role=role,
        kind=kind,
        starts_at=at(starts_at),
        ends_at=at(ends_at),
        user_id=user_id,
        instead_of=instead_of,
        note=note,
    )


def _minute(text: str) -> int:
    day, clock = text.split()
    hours, minutes = clock.split(":")
    weekday = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun").index(day)
    return weekday * DAY + int(hours) * 60 + int(minutes)
