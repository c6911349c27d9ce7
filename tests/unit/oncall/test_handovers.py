from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.oncall.logic.handovers import (
    HORIZON,
    LATE,
    Key,
    LookAhead,
    NoticeKind,
    Reader,
    Tour,
    by_day,
    look_ahead_at,
    quiet_kinds,
    tours,
    wanted,
    why_dropped,
)
from evenfall.oncall.logic.spec import Role, Span

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)
BERLIN = ZoneInfo("Europe/Berlin")
READER = Reader(zone=ZoneInfo("UTC"))
ADA, BEN = 1, 2
YEAR_2000 = datetime(2000, 1, 1, tzinfo=UTC)


def _span(
    user_id: int, starts_at: datetime, ends_at: datetime, role: Role = Role.PRIMARY, why: str = ""
) -> Span:
    return Span(user_id, role, starts_at, ends_at, why)


def _tour(user_id: int, starts_at: datetime, ends_at: datetime, **rest: object) -> Tour:
    given = {"role": Role.PRIMARY, **rest}
    return Tour(user_id=user_id, starts_at=starts_at, ends_at=ends_at, **given)  # type: ignore[arg-type] # passed on as given


def _kinds(found: dict[Key, datetime], user_id: int = ADA) -> dict[NoticeKind, datetime]:
    return {key.kind: due for key, due in found.items() if key.user_id == user_id}


def test_tours_end_where_somebody_else_takes_over() -> None:
    spans = [_span(ADA, MONDAY, MONDAY + WEEK), _span(BEN, MONDAY + WEEK, MONDAY + 2 * WEEK)]
    first, second = tours(spans, MONDAY, MONDAY + 2 * WEEK)
    assert (first.user_id, first.after_id, first.begins, first.ends) == (ADA, BEN, False, True)
    assert (second.user_id, second.before_id, second.begins, second.ends) == (BEN, ADA, True, False)


def test_tours_join_office_hours_of_one_person_over_nights_and_a_weekend() -> None:
    days = [MONDAY + number * DAY for number in (0, 1, 2, 3, 4, 7, 8)]
    spans = [_span(ADA, day, day + 8 * HOUR) for day in days]
    (tour,) = tours(spans, MONDAY - WEEK, MONDAY + 3 * WEEK)
    assert (tour.starts_at, tour.ends_at) == (MONDAY, days[-1] + 8 * HOUR)
    assert tour.begins
    assert tour.ends


def test_tours_part_at_a_longer_rest() -> None:
    later = MONDAY + WEEK
    spans = [_span(ADA, MONDAY, MONDAY + DAY), _span(ADA, later, later + DAY)]
    assert len(tours(spans, MONDAY - WEEK, later + WEEK)) == 2


def test_tours_keep_roles_apart() -> None:
    spans = [_span(ADA, MONDAY, MONDAY + DAY), _span(ADA, MONDAY, MONDAY + DAY, Role.LIEUTENANT)]
    found = tours(spans, MONDAY - WEEK, MONDAY + WEEK)
    assert [tour.role for tour in found] == [Role.PRIMARY, Role.LIEUTENANT]


def test_tours_of_nobody_are_none() -> None:
    assert tours([], MONDAY, MONDAY + WEEK) == ()


@given(
    st.lists(
        st.tuples(st.sampled_from([ADA, BEN]), st.integers(0, 100), st.integers(1, 100)),
        max_size=8,
    )
)
def test_tours_cover_every_span_in_order(parts: list[tuple[int, int, int]]) -> None:
    spans, at = [], MONDAY
    for user_id, rest, length in parts:
        starts_at = at + rest * HOUR
        at = starts_at + length * HOUR
        spans.append(_span(user_id, starts_at, at))
    found = tours(spans, MONDAY, at + HOUR)
    for span in spans:
        holding = [t for t in found if t.starts_at <= span.starts_at and span.ends_at <= t.ends_at]
        assert [tour.user_id for tour in holding] == [span.user_id]
    assert list(found) == sorted(found, key=lambda tour: tour.starts_at)


def test_a_coming_shift_is_told_a_day_and_checked_a_day_and_an_hour_before() -> None:
    now = MONDAY - 3 * DAY
    found = wanted([_tour(ADA, MONDAY, MONDAY + DAY)], {ADA: READER}, now)
    assert _kinds(found) == {
        NoticeKind.LOOK_AHEAD: MONDAY - DAY,
        NoticeKind.READY_DAY: MONDAY - DAY,
        NoticeKind.READY_HOUR: MONDAY - HOUR,
        NoticeKind.BEGINS: MONDAY,
        NoticeKind.ENDS: MONDAY + DAY,
    }


def test_in_the_last_hour_only_the_check_of_the_hour_is_left() -> None:
    found = wanted([_tour(ADA, MONDAY, MONDAY + WEEK)], {ADA: READER}, MONDAY - HOUR / 2)
    assert set(_kinds(found)) == {
        NoticeKind.LOOK_AHEAD,
        NoticeKind.READY_HOUR,
        NoticeKind.BEGINS,
        NoticeKind.ENDS,
    }


def test_a_shift_that_has_begun_is_handed_over_and_not_announced() -> None:
    found = wanted([_tour(ADA, MONDAY, MONDAY + DAY)], {ADA: READER}, MONDAY + HOUR)
    assert set(_kinds(found)) == {NoticeKind.BEGINS, NoticeKind.ENDS}


def test_old_and_far_hand_overs_are_not_told() -> None:
    long = _tour(ADA, MONDAY, MONDAY + 30 * DAY)
    assert wanted([long], {ADA: READER}, MONDAY + LATE) == {}
    assert wanted([long], {ADA: READER}, MONDAY - HORIZON - HOUR) == {}


def test_edges_that_are_no_hand_over_are_not_told() -> None:
    cut = _tour(ADA, MONDAY, MONDAY + DAY, begins=False, ends=False)
    assert wanted([cut], {ADA: READER}, MONDAY - DAY) == {}


def test_nobody_is_reminded_while_on_call() -> None:
    """After an hour's cover by somebody else the person knows."""
    back = MONDAY + DAY + HOUR
    found = wanted(
        [
            _tour(ADA, MONDAY, MONDAY + DAY),
            _tour(BEN, MONDAY + DAY, back),
            _tour(ADA, back, MONDAY + WEEK),
        ],
        {ADA: READER, BEN: READER},
        MONDAY + HOUR,
    )
    told = {key.happens_at for key in found if key.kind is NoticeKind.LOOK_AHEAD}
    assert told == {MONDAY + DAY}  # Ben only


@pytest.mark.parametrize(
    ("choice", "before"),
    [(LookAhead.WEEK, WEEK), (LookAhead.DAY, DAY), (LookAhead.HOUR, HOUR)],
)
def test_look_ahead_comes_as_long_before_as_chosen(choice: LookAhead, before: timedelta) -> None:
    reader = Reader(zone=READER.zone, look_ahead=choice)
    assert look_ahead_at(MONDAY, reader) == MONDAY - before


def test_look_ahead_can_be_switched_off() -> None:
    reader = Reader(zone=READER.zone, look_ahead=LookAhead.OFF)
    assert look_ahead_at(MONDAY, reader) is None
    found = wanted([_tour(ADA, MONDAY, MONDAY + DAY)], {ADA: reader}, MONDAY - DAY)
    assert NoticeKind.LOOK_AHEAD not in _kinds(found)


def test_an_hour_before_is_an_hour_before_at_night_too() -> None:
    night = datetime(2026, 3, 3, 4, tzinfo=UTC)
    reader = Reader(zone=READER.zone, look_ahead=LookAhead.HOUR)
    assert look_ahead_at(night, reader) == night - HOUR


@pytest.mark.parametrize(
    ("hour", "told"),
    [
        (5, datetime(2026, 3, 1, 19, tzinfo=UTC)),  # 06:00 in Berlin: 20:00 the evening before
        (22, datetime(2026, 3, 2, 19, tzinfo=UTC)),  # 23:00: 20:00 of the same day
        (12, datetime(2026, 3, 2, 12, tzinfo=UTC)),
    ],
)
def test_what_can_wait_comes_by_day(hour: int, told: datetime) -> None:
    assert by_day(datetime(2026, 3, 2, hour, tzinfo=UTC), BERLIN) == told


@given(
    st.integers(0, 90 * 365 * 24 * 60).map(lambda m: YEAR_2000 + timedelta(minutes=m)),
    st.sampled_from([BERLIN, ZoneInfo("America/St_Johns"), ZoneInfo("Pacific/Apia")]),
)
def test_by_day_is_never_later_and_at_most_a_night_earlier(at: datetime, zone: ZoneInfo) -> None:
    moved = by_day(at, zone)
    # Apia once skipped a whole day
    assert timedelta(0) <= at - moved <= timedelta(hours=37)


def test_at_night_only_silent_channels_are_used() -> None:
    kinds = {"inbox", "email", "webpush"}
    assert quiet_kinds(kinds, datetime(2026, 3, 2, 12, tzinfo=UTC), BERLIN) == (
        "email",
        "inbox",
        "webpush",
    )
    for hour in (2, 22):
        at = datetime(2026, 3, 2, hour, tzinfo=UTC)
        assert quiet_kinds(kinds, at, BERLIN) == ("email", "inbox")


def _key(kind: NoticeKind, happens_at: datetime) -> Key:
    return Key(user_id=ADA, role=Role.PRIMARY, kind=kind, happens_at=happens_at)


@pytest.mark.parametrize(
    ("key", "now", "words"),
    [
        (_key(NoticeKind.BEGINS, MONDAY + HOUR), MONDAY, "schedule changed"),
        (_key(NoticeKind.ENDS, MONDAY), MONDAY, "schedule changed"),
        (_key(NoticeKind.LOOK_AHEAD, MONDAY), MONDAY, "too late"),
        (_key(NoticeKind.ENDS, MONDAY + DAY), MONDAY + WEEK, "too late"),
        (_key(NoticeKind.LOOK_AHEAD, MONDAY), MONDAY - HOUR, "not wanted"),
    ],
)
def test_a_dropped_notice_says_why(key: Key, now: datetime, words: str) -> None:
    assert words in why_dropped(key, [_tour(ADA, MONDAY, MONDAY + DAY)], now)
