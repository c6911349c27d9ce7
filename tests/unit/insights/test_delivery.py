"""The five measures of delivery."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.insights.logic.delivery import Delivery, Deployed, Harm, measure
from evenfall.insights.logic.frequency import Pace, frequency
from evenfall.insights.logic.shares import distribution, quantile, share
from evenfall.insights.logic.spans import cuts, downtime, length, union

NOON = datetime(2027, 1, 13, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ZONE = ZoneInfo("Europe/Berlin")


def deploy(number: int = 1, **more: Any) -> Deployed:
    values: dict[str, Any] = {
        "service_id": 1,
        "ended_at": NOON,
        "has_failed": False,
        "what": f"commit {number}",
        "first_commit_at": None,
        "is_unplanned": False,
        "did_harm": False,
        "undone_at": None,
    }
    return Deployed(id=number, **{**values, **more})


def measured(*deploys: Deployed) -> Delivery:
    last = NOON.date()
    return measure(deploys, first=last - timedelta(days=27), last=last, zone=ZONE)


def test_without_records_everything_is_absent_and_nothing_is_zero() -> None:
    found = measured()
    assert found.deploys == 0
    five = (found.lead_time, found.frequency, found.fail_rate, found.recovery, found.rework)
    assert (*five, found.green, found.guessed, found.without_commit) == (None,) * 8


def test_lead_time_is_that_of_changes_that_reach_production_first() -> None:
    found = measured(
        deploy(1, first_commit_at=NOON - HOUR),
        deploy(2, first_commit_at=NOON - 3 * HOUR, ended_at=NOON),
        deploy(3, what="commit 1", ended_at=NOON + HOUR, first_commit_at=NOON - 99 * HOUR),
        deploy(4),
        deploy(5, what="", first_commit_at=NOON + DAY),
    )
    assert found.lead_time is not None
    assert (found.lead_time.n, found.lead_time.median) == (2, 2 * HOUR)
    assert found.without_commit is not None
    assert (found.without_commit.count, found.without_commit.n) == (2, 4)


def test_a_deploy_that_caused_many_incidents_failed_once() -> None:
    """Complaint 43: incidents were summed for each change, which counts twice."""
    harms = [Harm(NOON + HOUR, NOON + 2 * HOUR), Harm(NOON + HOUR, NOON + 5 * HOUR)]
    found = measured(deploy(1, did_harm=True, harms=harms), deploy(2), deploy(3), deploy(4))
    assert found.fail_rate is not None
    assert (found.fail_rate.count, found.fail_rate.percent) == (1, 25.0)
    assert found.recovery is not None
    assert (found.recovery.n, found.recovery.median) == (1, 4 * HOUR)


def test_an_incident_that_nobody_pinned_on_a_deploy_counts_apart() -> None:
    """Complaint 43: what is only guessed is shown, and is not the fail rate."""
    found = measured(deploy(1, is_guessed=True), deploy(2))
    assert found.fail_rate is not None
    assert found.guessed is not None
    assert (found.fail_rate.count, found.guessed.count) == (0, 1)
    assert found.recovery is None


def test_a_pipeline_that_failed_reached_nobody_unless_it_did_harm() -> None:
    found = measured(
        deploy(1, has_failed=True), deploy(2), deploy(3, has_failed=True, did_harm=True)
    )
    assert found.deploys == 2
    assert found.fail_rate is not None
    assert found.fail_rate.count == 1
    assert found.green is not None
    assert (found.green.count, found.green.n) == (1, 3)


def test_recovery_ends_with_the_roll_back_or_with_the_last_harm() -> None:
    harm = Harm(NOON + HOUR, None)
    rolled_back = deploy(1, did_harm=True, harms=[harm], undone_at=NOON + 3 * HOUR)
    assert rolled_back.recovery == 2 * HOUR
    assert deploy(2, undone_at=NOON + HOUR).recovery == HOUR
    assert deploy(3, did_harm=True, harms=[harm]).recovery is None
    assert deploy(4, did_harm=True).recovery is None
    assert deploy(5).recovery is None
    assert measured(deploy(6, did_harm=True, harms=[harm])).ongoing == 1


def test_rework_is_what_was_not_planned() -> None:
    found = measured(deploy(1, is_unplanned=True), deploy(2), deploy(3))
    assert found.rework is not None
    assert round(found.rework.percent) == 33


@pytest.mark.parametrize(
    ("every", "pace"),
    [(2, Pace.DAILY), (3, Pace.WEEKLY), (7, Pace.WEEKLY), (14, Pace.MONTHLY), (61, Pace.RARELY)],
)
def test_the_buckets_of_frequency(every: int, pace: Pace) -> None:
    last = date(2027, 1, 13)
    first = last - timedelta(days=179)
    days = [first + timedelta(days=n) for n in range(0, 180, every)]
    found = frequency(days, n=len(days), first=first, last=last)
    assert found is not None
    # every second day is three or four days of a week; every third is two or three
    assert found.pace is pace
    assert found.n == len(days)


def test_many_deploys_on_one_day_are_one_day_and_two_days_say_nothing() -> None:
    today = date(2027, 1, 13)
    found = frequency([today], n=9, first=today - DAY, last=today)
    assert found is not None
    assert (found.n, found.days, found.pace, found.per_week) == (9, 1, None, 31.5)
    week = frequency([today], n=1, first=today - 9 * DAY, last=today)
    assert week is not None
    assert week.pace is Pace.WEEKLY
    old = frequency([today - 9 * DAY], n=1, first=today - 14 * DAY, last=today)
    assert old is not None
    assert old.pace is Pace.MONTHLY or old.pace is Pace.WEEKLY


def test_days_are_those_of_the_zone() -> None:
    late = datetime(2027, 1, 12, 23, 30, tzinfo=UTC)
    found = measured(deploy(1, ended_at=late), deploy(2, ended_at=NOON))
    assert found.frequency is not None
    assert found.frequency.days == 1


def test_each_day_counts_once_also_where_an_hour_is_missing_or_twice() -> None:
    spring = datetime(2027, 3, 27, 22, 59, tzinfo=UTC)
    minutes = (0, 1, 60, 24 * 60 - 60, 24 * 60, 47 * 60 + 1, 48 * 60 + 30)
    autumn = datetime(2027, 10, 30, 21, 59, tzinfo=UTC)
    for began in (spring, autumn):
        ends = [began + timedelta(minutes=n) for n in minutes]
        found = measured(*(deploy(n, ended_at=at) for n, at in enumerate(ends)))
        assert found.frequency is not None
        assert found.frequency.n == len(minutes)
        assert found.frequency.days == len({at.astimezone(ZONE).date() for at in ends})


def test_quantiles_as_spreadsheets_have_them() -> None:
    hours = [HOUR * n for n in (1, 2, 3, 4, 5)]
    assert quantile(hours, 0.9) == HOUR * 4.6
    assert quantile([HOUR], 0.9) == HOUR
    found = distribution([HOUR / 2, 3 * HOUR, 5 * HOUR])
    assert found is not None
    assert [bar.count for bar in found.bars] == [1, 2, 0, 0, 0, 0]
    assert [bar.width for bar in found.bars][:2] == [50.0, 100.0]
    assert distribution([timedelta(days=4000)]) is not None
    assert share(0, 0) is None


@given(st.lists(st.timedeltas(timedelta(0), timedelta(days=400)), min_size=1))
def test_every_length_is_in_one_band(lengths: list[timedelta]) -> None:
    found = distribution(lengths)
    assert found is not None
    assert sum(bar.count for bar in found.bars) == found.n == len(lengths)
    assert min(lengths) <= found.median <= found.p90 <= max(lengths)


def test_downtime_adds_up_what_overlaps_once() -> None:
    start, end = NOON, NOON + 10 * HOUR
    planned = [(NOON + HOUR, NOON + 3 * HOUR), (NOON - DAY, NOON - HOUR)]
    actual = [
        (NOON + 2 * HOUR, NOON + 4 * HOUR),
        (NOON + 3 * HOUR, NOON + 5 * HOUR),
        (end, end + DAY),
    ]
    found = downtime(planned, actual, start=start, end=end)
    assert (found.planned, found.actual, found.excused) == (2 * HOUR, 3 * HOUR, HOUR)
    assert found.unplanned == 2 * HOUR
    assert (found.plans, found.outages) == (1, 2)
    probed = [(NOON + 4 * HOUR, NOON + 6 * HOUR), (NOON + 8 * HOUR, NOON + 9 * HOUR)]
    found = downtime(planned, actual, probed, start=start, end=end)
    assert (found.actual, found.probed) == (5 * HOUR, 2)
    assert found.planned_lengths is not None
    assert found.actual_lengths is not None
    assert (found.planned_lengths.n, found.actual_lengths.n) == (1, 2)
    assert found.actual_lengths.median == 2.5 * HOUR


SPANS = st.lists(
    st.tuples(st.integers(0, 50), st.integers(0, 20)).map(
        lambda pair: (NOON + HOUR * pair[0], NOON + HOUR * (pair[0] + pair[1]))
    )
)


@given(SPANS, SPANS)
def test_downtime_is_never_more_than_the_period(
    planned: list[tuple[datetime, datetime]], actual: list[tuple[datetime, datetime]]
) -> None:
    found = downtime(planned, actual, start=NOON, end=NOON + 40 * HOUR)
    nothing, all_of_it = timedelta(0), 40 * HOUR
    assert nothing <= found.excused <= min(found.planned, found.actual) <= all_of_it
    assert length(union(actual)) <= length(actual)


def test_a_period_is_cut_into_whole_steps_from_its_end() -> None:
    found = cuts(NOON - 16 * DAY, NOON, 7 * DAY)
    assert [end - start for start, end in found] == [7 * DAY, 7 * DAY]
    assert found[-1][1] == NOON
