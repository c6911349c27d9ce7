"""How long rotas of a whole year take: 52 weeks, 3 layers, 20 overrides, 20 absences."""

from datetime import UTC, datetime, timedelta
from statistics import median
from time import perf_counter
from zoneinfo import ZoneInfo

from tests.bench.report import Figure, show

from evenfall.oncall.logic.schedule import final_schedule, on_call_at
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
from evenfall.platform.wall_clock import instant

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 1, 5, 8, tzinfo=UTC)
YEAR = timedelta(weeks=52)
DAY = 24 * 60
WORKDAYS = tuple(WeeklyWindow(starts=d * DAY + 540, ends=d * DAY + 1020) for d in range(5))
WEEKEND = (WeeklyWindow(starts=5 * DAY, ends=0),)


def _layer(
    name: str, hours: int, people: range, windows: tuple[WeeklyWindow, ...], earlier: timedelta
) -> LayerSpec:
    first = datetime(2025, 1, 6, 9) - earlier  # noqa: DTZ001 - wall time
    return LayerSpec(
        name=name,
        zone=BERLIN,
        pattern=ShiftPattern(starts_at=first, hours=(hours,)),
        members=tuple(MemberSlot(user_id=person) for person in people),
        windows=windows,
    )


def _override(number: int) -> OverrideSpec:
    starts_at = START + timedelta(days=18 * number, hours=5)
    return OverrideSpec(
        role=Role.PRIMARY,
        kind=OverrideKind.REPLACE,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=9 + number),
        user_id=90 + number,
    )


def _absence(number: int) -> tuple[OverrideSpec, OverrideSpec]:
    """Somebody is away for some days: the lieutenant is promoted, another becomes lieutenant."""
    starts_at = START + timedelta(days=17 * number, hours=9)
    ends_at = starts_at + timedelta(days=1 + number % 5)
    away, promoted, other = (1 + (number + step) % 8 for step in range(3))
    return (
        OverrideSpec(
            role=Role.PRIMARY,
            kind=OverrideKind.REPLACE,
            starts_at=starts_at,
            ends_at=ends_at,
            user_id=promoted,
            instead_of=away,
        ),
        OverrideSpec(
            role=Role.LIEUTENANT,
            kind=OverrideKind.REPLACE,
            starts_at=starts_at,
            ends_at=ends_at,
            user_id=other,
            instead_of=promoted,
        ),
    )


def busy_rota(number: int = 0) -> RotaSpec:
    """Eight people by the week, a daily office-hours layer, a weekend layer, people away.

    Each number gives a rota of its own, whose first hand-over is some weeks earlier.
    """
    weeks = timedelta(weeks=number)
    return RotaSpec(
        zone=BERLIN,
        plans=(
            PlanSpec(
                starts_at=START - YEAR,
                layers=(
                    _layer("Main", 168, range(1, 9), (), weeks),
                    _layer("Office hours", 24, range(11, 16), WORKDAYS, weeks),
                    _layer("Weekend", 168, range(21, 25), WEEKEND, weeks),
                ),
                lieutenant=LieutenantRule(kind=LieutenantKind.PREVIOUS),
            ),
        ),
        overrides=(
            *(_override(number) for number in range(20)),
            *(override for number in range(20) for override in _absence(number)),
        ),
    )


def measure() -> dict[str, float]:
    """Median milliseconds of a year with warm and with empty caches, and of one instant."""
    spec = busy_rota()
    warm = [_milliseconds(spec) for _ in range(21)]
    cold = []
    for _ in range(11):
        instant.cache_clear()
        cold.append(_milliseconds(spec))
    began = perf_counter()
    for hour in range(200):
        on_call_at(spec, START + timedelta(hours=hour * 37))
    return {
        "schedule_year_warm_ms": median(warm),
        "schedule_year_cold_ms": median(cold),
        "on_call_at_ms": (perf_counter() - began) * 1000 / 200,
        "spans": float(len(final_schedule(spec, START, START + YEAR))),
    }


def measure_many(count: int = 100) -> float:
    """Milliseconds of all these rotas for a year, one after the other, with empty caches."""
    rotas = [busy_rota(number) for number in range(count)]
    instant.cache_clear()
    return sum(_milliseconds(spec) for spec in rotas)


def _milliseconds(spec: RotaSpec) -> float:
    began = perf_counter()
    final_schedule(spec, START, START + YEAR)
    return (perf_counter() - began) * 1000


def main() -> list[Figure]:
    cold = measure()["schedule_year_cold_ms"]
    return [
        Figure(
            what="a rota of 3 layers, 20 overrides, 20 absences: schedule of 52 weeks",
            measured=cold,
            unit="ms",
            bar=10,
        ),
        Figure(
            what="100 such rotas: schedules of 52 weeks",
            measured=measure_many(),
            unit="ms",
            bar=1000,
        ),
    ]


if __name__ == "__main__":
    show(main())
