"""Uptime is exactly what the recorded time says, in any order and on any day."""

import itertools
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.statuspages.logic import uptime
from evenfall.statuspages.logic.uptime import Measured, Said, Weights
from evenfall.statuspages.logic.words import Status, worst

START = datetime(2026, 3, 1, tzinfo=UTC)
END = START + timedelta(days=40)
MINUTE = timedelta(minutes=1)
MOMENTS = st.integers(0, 40 * 24 * 60).map(lambda minutes: START + minutes * MINUTE)


@st.composite
def said(draw: st.DrawFn) -> Said:
    first, second = sorted((draw(MOMENTS), draw(MOMENTS)))
    ends_at = draw(st.none() | st.just(second))
    return Said(status=draw(st.sampled_from(Status)), starts_at=first, ends_at=ends_at)


LINES = st.lists(said(), max_size=12)


def span(status: Status, start: int, end: int | None = None) -> Said:
    """From minute to minute after the start."""
    ends_at = None if end is None else START + end * MINUTE
    return Said(status=status, starts_at=START + start * MINUTE, ends_at=ends_at)


def measured(*lines: Said, minutes: int = 100) -> Measured:
    until = START + minutes * MINUTE
    parts = uptime.stretches(lines, since=START, until=until)
    return uptime.measure(parts, since=START, until=until)


@given(LINES)
def test_stretches_cover_all_time_once(lines: list[Said]) -> None:
    parts = uptime.stretches(lines, since=START, until=END)
    assert parts[0].starts_at == START
    assert parts[-1].ends_at == END
    assert all(a.ends_at == b.starts_at for a, b in itertools.pairwise(parts))
    assert all(a.status is not b.status for a, b in itertools.pairwise(parts))


@given(LINES, MOMENTS.filter(lambda moment: moment < END))
def test_at_each_moment_the_worst_counts(lines: list[Said], moment: datetime) -> None:
    parts = uptime.stretches(lines, since=START, until=END)
    here = next(part for part in parts if part.starts_at <= moment < part.ends_at)
    spoken = [
        one.status
        for one in lines
        if one.starts_at <= moment and (one.ends_at is None or one.ends_at > moment)
    ]
    assert here.status is worst(spoken)


@given(LINES, st.randoms(use_true_random=False))
def test_the_order_of_intervals_changes_nothing(lines: list[Said], random: object) -> None:
    mixed = list(lines)
    random.shuffle(mixed)  # type: ignore[attr-defined]  # hypothesis' Random
    assert uptime.stretches(mixed, since=START, until=END) == uptime.stretches(
        lines, since=START, until=END
    )


@given(LINES)
def test_figures_match_the_recorded_downtime_exactly_kuma_5401(lines: list[Said]) -> None:
    parts = uptime.stretches(lines, since=START, until=END)
    total = uptime.measure(parts, since=START, until=END)
    down = sum((part.took for part in parts if part.status is Status.MAJOR), timedelta())
    figure = total.uptime(Weights(partial=Fraction(0)), counts_maintenance=False)
    whole = total.known - total.maintenance
    if figure is None:
        assert whole == timedelta()
    else:
        assert (1 - figure) * uptime.micros(whole) == uptime.micros(down)


@given(LINES, st.sampled_from(["UTC", "Europe/Paris", "America/New_York", "Australia/Lord_Howe"]))
def test_days_sum_up_to_the_whole(lines: list[Said], zone_name: str) -> None:
    zone = ZoneInfo(zone_name)
    since = uptime.first_moment(zone, until=END, count=40)
    parts = uptime.stretches(lines, since=since, until=END)
    days = uptime.days(parts, zone=zone, until=END, count=40)
    assert uptime.together(day.measured for day in days) == uptime.measure(
        parts, since=since, until=END
    )


@pytest.mark.parametrize(
    ("until", "hours"),
    [
        (datetime(2026, 3, 29, 21, 59, 59, 999999, tzinfo=UTC), 23),
        (datetime(2026, 10, 25, 22, 59, 59, 999999, tzinfo=UTC), 25),
    ],
)
def test_a_day_has_the_hours_of_its_zone(until: datetime, hours: int) -> None:
    zone = ZoneInfo("Europe/Paris")
    starts = uptime.first_moment(zone, until=until, count=1)
    known = Said(status=Status.OPERATIONAL, starts_at=starts)
    end = until + timedelta(microseconds=1)
    parts = uptime.stretches([known], since=starts, until=end)
    [day] = uptime.days(parts, zone=zone, until=until, count=1)
    assert day.measured.known == timedelta(hours=hours) - timedelta(microseconds=1)


def test_no_data_is_not_uptime_kuma_2401() -> None:
    figure = measured(span(Status.OPERATIONAL, 50, 75), span(Status.MAJOR, 75))
    assert figure.uptime(Weights(), counts_maintenance=False) == Fraction(1, 2)
    assert measured().uptime(Weights(), counts_maintenance=False) is None
    assert measured(span(Status.UNKNOWN, 0)).uptime(Weights(), counts_maintenance=True) is None


def test_maintenance_in_or_out_kuma_5590_kener_299() -> None:
    figure = measured(
        span(Status.OPERATIONAL, 0), span(Status.MAINTENANCE, 0, 20), span(Status.MAJOR, 20, 30)
    )
    assert figure.uptime(Weights(), counts_maintenance=False) == Fraction(70, 80)
    assert figure.uptime(Weights(), counts_maintenance=True) == Fraction(70, 100)


def test_weights_are_those_of_the_page() -> None:
    figure = measured(
        span(Status.OPERATIONAL, 0), span(Status.PARTIAL, 0, 10), span(Status.DEGRADED, 10, 20)
    )
    assert figure.uptime(Weights(), counts_maintenance=False) == Fraction(97, 100)
    harsh = Weights(partial=Fraction(1), degraded=Fraction(1, 2))
    assert figure.uptime(harsh, counts_maintenance=False) == Fraction(85, 100)


def test_an_outage_in_maintenance_is_an_outage() -> None:
    figure = measured(span(Status.MAINTENANCE, 0, 20), span(Status.MAJOR, 10, 20))
    assert figure.took == {
        Status.MAINTENANCE: 10 * MINUTE,
        Status.MAJOR: 10 * MINUTE,
        Status.UNKNOWN: 80 * MINUTE,
    }


def test_all_up_is_up_only_if_each_is() -> None:
    lines = [
        [span(Status.OPERATIONAL, 0), span(Status.MAJOR, 0, 10)],
        [span(Status.OPERATIONAL, 0), span(Status.MAJOR, 10, 20)],
    ]
    both = measured(*uptime.all_up(lines))
    assert both.uptime(Weights(), counts_maintenance=False) == Fraction(80, 100)


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        (None, ""),
        (Fraction(1), "100\N{NO-BREAK SPACE}%"),
        (1 - Fraction(1, 10**9), "99.99\N{NO-BREAK SPACE}%"),
        (Fraction(1, 2), "50\N{NO-BREAK SPACE}%"),
        (Fraction(97, 1000), "9.70\N{NO-BREAK SPACE}%"),
        (Fraction(0), "0\N{NO-BREAK SPACE}%"),
    ],
)
def test_percent_never_rounds_up(figure: Fraction | None, text: str) -> None:
    assert uptime.percent(figure) == text
