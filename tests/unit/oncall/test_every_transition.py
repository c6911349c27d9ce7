"""Every change of the clocks from 2000 to 2100 in every zone, without a sample left out.

Zones that show the same time in all of these years are proved once.
"""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from tests.factories.oncall_specs import rota_spec, slots
from tests.unit.oncall.strategies import ZONES, first_change

from evenfall.oncall.logic.schedule import final_schedule
from evenfall.oncall.logic.spec import LayerSpec, RotaSpec, ShiftPattern, Span
from evenfall.platform.wall_clock import instant, reading

FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2101, 1, 1, tzinfo=UTC)
PROBE = timedelta(days=4)
HALF_HOUR = timedelta(minutes=30)
PEOPLE = slots(1, 2, 3)
type Change = tuple[datetime, timedelta | None]


@pytest.mark.parametrize("hours", [24, 168])
def test_hand_overs_hold_through_every_change_of_the_clocks(hours: int) -> None:
    proved = 0
    for zone, changes in _distinct_zones():
        for change in changes:
            _prove(zone, change, timedelta(hours=hours), changes)
            proved += 1
    assert proved > 10_000


def _prove(
    zone: ZoneInfo, change: datetime, length: timedelta, changes: Collection[datetime]
) -> None:
    """Hand over half an hour after the wall jumps: at a time that it skips, shows twice, or not."""
    clock = reading(change - HALF_HOUR, zone) + 2 * HALF_HOUR
    spec = _rota(zone, clock - 4 * length, length)
    starts_at, ends_at = change - length * 1.3, change + length * 1.3
    spans = final_schedule(spec, starts_at, ends_at)
    assert all(span.why for span in spans)
    assert (spans[0].starts_at, spans[-1].ends_at) == (starts_at, ends_at)
    for earlier, later in pairwise(spans):
        assert earlier.ends_at == later.starts_at
        assert earlier.user_id != later.user_id
        is_on_time = (reading(later.starts_at, zone) - clock) % length == timedelta(0)
        assert is_on_time or later.starts_at in changes
    halves = (*final_schedule(spec, starts_at, change), *final_schedule(spec, change, ends_at))
    assert _whole(halves, change) == spans


def _rota(zone: ZoneInfo, first: datetime, length: timedelta) -> RotaSpec:
    pattern = ShiftPattern(starts_at=first, hours=(length // timedelta(hours=1),))
    return rota_spec(LayerSpec(name="Main", zone=zone, pattern=pattern, members=PEOPLE))


def _whole(halves: tuple[Span, ...], seam: datetime) -> tuple[Span, ...]:
    """The spans with the one over the seam made one again."""
    whole: list[Span] = []
    for span in halves:
        last = whole[-1] if whole else None
        if last and span.starts_at == seam and (last.user_id, last.why) == (span.user_id, span.why):
            whole[-1] = Span(last.user_id, last.role, last.starts_at, span.ends_at, last.why)
        else:
            whole.append(span)
    return tuple(whole)


@cache
def _distinct_zones() -> tuple[tuple[ZoneInfo, tuple[datetime, ...]], ...]:
    """One zone of those with the same changes to the same offsets, with its changes."""
    found: dict[tuple[Change, ...], ZoneInfo] = {}
    for key in ZONES:
        zone = ZoneInfo(key)
        found.setdefault(((FIRST, FIRST.astimezone(zone).utcoffset()), *_changes(zone)), zone)
    return tuple((zone, tuple(at for at, _ in told[1:])) for told, zone in found.items())


def _changes(zone: ZoneInfo) -> Iterator[Change]:
    """The changes in order; a second one within four days would be missed, and there is none."""
    at, offset = FIRST, FIRST.astimezone(zone).utcoffset()
    while at < LAST:
        following = at + PROBE
        if (later := following.astimezone(zone).utcoffset()) != offset:
            yield first_change(at, zone, PROBE), later
            offset = later
        at = following


def test_a_hand_over_at_a_skipped_time_is_the_change_itself_everywhere() -> None:
    for zone, changes in _distinct_zones():
        for change in changes:
            before = reading(change - HALF_HOUR, zone) + HALF_HOUR
            if reading(change, zone) > before:
                assert instant(before, zone) == change
