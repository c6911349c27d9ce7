"""How often a step may run."""

import itertools
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from evenfall.runbooks.logic.limits import DAY, HOUR, Limits, Start, looks_back, refusal

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
minutes = st.integers(0, 3 * 24 * 60)
services = st.sampled_from((None, 1, 2))
wishes = st.lists(st.tuples(minutes, services), max_size=80)
limits = st.builds(
    Limits,
    cool_down=st.integers(0, 600).map(lambda n: timedelta(minutes=n)),
    most_per_hour=st.none() | st.integers(1, 5),
    most_per_day=st.none() | st.integers(1, 20),
)


def starts_of(wished: list[tuple[int, int | None]], limit: Limits) -> list[Start]:
    """Those of the wishes that were let through, one after the other."""
    found: list[Start] = []
    for minute, service in sorted(wished, key=lambda one: one[0]):
        now = NOON + timedelta(minutes=minute)
        known = [one for one in found if one.at > now - looks_back(limit)]
        if refusal(known, limit, service_id=service, now=now) is None:
            found.append(Start(now, service))
    return found


@given(wishes, limits)
def test_no_stretch_of_an_hour_or_a_day_ever_holds_more_than_the_budget(
    wished: list[tuple[int, int | None]], limit: Limits
) -> None:
    found = starts_of(wished, limit)
    for first in found:
        for most, stretch in ((limit.most_per_hour, HOUR), (limit.most_per_day, DAY)):
            within = [one for one in found if first.at <= one.at < first.at + stretch]
            assert most is None or len(within) <= most


@given(wishes, limits)
def test_a_service_is_left_alone_for_the_whole_cool_down(
    wished: list[tuple[int, int | None]], limit: Limits
) -> None:
    found = starts_of(wished, limit)
    for service in (None, 1, 2):
        times = [one.at for one in found if one.service_id == service]
        assert all(
            later - earlier >= limit.cool_down for earlier, later in itertools.pairwise(times)
        )


@given(wishes, limits, minutes, services)
def test_what_is_refused_may_run_at_the_moment_that_is_named_and_not_before(
    wished: list[tuple[int, int | None]], limit: Limits, minute: int, service: int | None
) -> None:
    now = NOON + timedelta(minutes=minute)
    starts = [one for one in starts_of(wished, limit) if one.at <= now]
    found = refusal(starts, limit, service_id=service, now=now)
    if found is None:
        return
    assert found.until > now
    assert refusal(starts, limit, service_id=service, now=found.until) is None
    before = found.until - timedelta(microseconds=1)
    assert refusal(starts, limit, service_id=service, now=before) is not None


def test_without_limits_everything_runs() -> None:
    starts = [Start(NOON)] * 100
    assert refusal(starts, Limits(), service_id=None, now=NOON) is None


def test_the_cool_down_of_one_service_is_not_that_of_another() -> None:
    limit = Limits(cool_down=HOUR)
    assert refusal([Start(NOON, 1)], limit, service_id=2, now=NOON) is None
    found = refusal([Start(NOON, 1)], limit, service_id=1, now=NOON)
    assert found is not None
    assert found.until == NOON + HOUR


def test_a_budget_says_its_words() -> None:
    starts = [Start(NOON), Start(NOON)]
    once = refusal(starts, Limits(most_per_hour=1), service_id=None, now=NOON)
    twice = refusal(starts, Limits(most_per_day=2), service_id=None, now=NOON)
    assert once is not None
    assert twice is not None
    assert once.reason == "Its budget is spent: at most once in an hour."
    assert twice.reason == "Its budget is spent: at most 2 times in a day."
