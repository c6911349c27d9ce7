from datetime import time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from tests.factories.oncall_specs import at, layer_spec, rota_spec
from tests.unit.oncall.strategies import zones

from evenfall.oncall.logic.spec import Role, Span
from evenfall.oncall.logic.sun import Hours, candidates, night_watches

BERLIN, LISBON, SINGAPORE = (
    ZoneInfo(key) for key in ("Europe/Berlin", "Europe/Lisbon", "Asia/Singapore")
)
START = at("2027-01-04 00:00")


def _span(user_id: int, starts_at: str, ends_at: str) -> Span:
    return Span(user_id, Role.PRIMARY, at(starts_at), at(ends_at), "")


def test_a_night_on_call_is_named_while_a_colleague_has_day() -> None:
    spans = [_span(1, "2027-01-04 08:00", "2027-01-05 08:00")]
    (watch,) = night_watches(spans, {1: BERLIN, 2: SINGAPORE})
    # 22:00 to 07:00 in Berlin is 05:00 to 14:00 in Singapore, where the day begins at 08:00
    assert (watch.starts_at, watch.ends_at) == (at("2027-01-05 00:00"), at("2027-01-05 06:00"))
    assert (watch.user_id, watch.in_daylight) == (1, (2,))


def test_a_team_in_one_zone_or_its_neighbour_is_never_warned() -> None:
    spans = [_span(1, "2027-01-04 08:00", "2027-01-11 08:00")]
    assert night_watches(spans, {1: BERLIN, 2: BERLIN, 3: LISBON}) == ()


def test_somebody_without_a_known_zone_is_passed_over() -> None:
    spans = [_span(1, "2027-01-04 08:00", "2027-01-11 08:00")]
    assert night_watches(spans, {2: SINGAPORE}) == ()


def test_the_stretch_is_cut_where_another_has_day_too() -> None:
    spans = [_span(1, "2027-01-04 21:00", "2027-01-05 06:00")]
    others = {2: SINGAPORE, 3: ZoneInfo("Asia/Kolkata")}
    cut = [(w.starts_at, w.in_daylight) for w in night_watches(spans, {1: BERLIN, **others})]
    assert cut == [(at("2027-01-05 00:00"), (2,)), (at("2027-01-05 02:30"), (2, 3))]


def test_hours_may_be_others() -> None:
    spans = [_span(1, "2027-01-04 00:00", "2027-01-05 00:00")]
    nap, day = Hours(time(13), time(14)), Hours(time(9), time(17))
    (watch,) = night_watches(spans, {1: BERLIN, 2: BERLIN}, night=nap, daylight=day)
    assert (watch.starts_at, watch.ends_at) == (at("2027-01-04 12:00"), at("2027-01-04 13:00"))


def test_candidates_are_the_members_of_the_plans_that_hold() -> None:
    spec = rota_spec(layer_spec(1, None, 2), layer_spec(3))
    assert candidates(spec, START, at("2027-02-01")) == {1, 2, 3}
    assert candidates(spec, at("1950-01-01"), at("1960-01-01")) == frozenset()


@given(zones(), zones(), st.integers(0, 360))
def test_watches_lie_inside_the_span_one_after_the_other(
    zone: ZoneInfo, other: ZoneInfo, day: int
) -> None:
    starts_at = START + timedelta(days=day)
    span = Span(1, Role.PRIMARY, starts_at, starts_at + timedelta(days=5), "")
    found = night_watches([span], {1: zone, 2: other})
    assert all(span.starts_at <= w.starts_at < w.ends_at <= span.ends_at for w in found)
    assert all(earlier.ends_at <= later.starts_at for earlier, later in pairwise(found))
