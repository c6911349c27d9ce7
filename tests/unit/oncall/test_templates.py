from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from tests.factories.oncall_specs import at

from evenfall.oncall.logic.lieutenant import ALONE
from evenfall.oncall.logic.schedule import final_schedule, gaps
from evenfall.oncall.logic.spec import Role, RotaSpec, Span
from evenfall.oncall.logic.sun import night_watches
from evenfall.oncall.logic.templates import SAYINGS, TITLES, Candidate, Ready, Template, ready
from evenfall.platform.wall_clock import reading

BERLIN, DENVER, SINGAPORE = (
    ZoneInfo(key) for key in ("Europe/Berlin", "America/Denver", "Asia/Singapore")
)
SUN = (DENVER, BERLIN, SINGAPORE)
WEDNESDAY = date(2027, 1, 6)
EIGHT = [Candidate(user_id=number, zone=BERLIN) for number in range(1, 9)]
NINE = [Candidate(user_id=number, zone=SUN[number % 3]) for number in range(1, 10)]
START, END = at("2027-01-11 00:00"), at("2028-01-10 00:00")


def _year(made: Ready) -> list[Span]:
    spec = RotaSpec(zone=BERLIN, plans=(made.plan,))
    assert gaps(spec, START, END) == ()
    return list(final_schedule(spec, START, END))


def _primaries(made: Ready) -> list[Span]:
    return [span for span in _year(made) if span.role is Role.PRIMARY]


def test_every_template_has_a_title_and_says_what_it_does() -> None:
    assert set(TITLES) == set(SAYINGS) == set(Template)


@pytest.mark.parametrize("template", Template)
def test_every_template_covers_the_whole_year_with_lieutenants(template: Template) -> None:
    spans = _year(ready(template, NINE, SUN, WEDNESDAY))
    seconds = [span for span in spans if span.role is Role.LIEUTENANT]
    covered = sum((span.ends_at - span.starts_at for span in seconds), timedelta(0))
    assert covered == END - START
    assert not any(ALONE.format("") in span.why for span in seconds)


@pytest.mark.parametrize("template", Template)
def test_without_people_there_are_empty_places_to_fill(template: Template) -> None:
    made = ready(template, [], SUN, WEDNESDAY)
    assert all(layer.members[0].user_id is None for layer in made.plan.layers)


def test_eight_people_have_one_week_on_and_seven_off() -> None:
    spans = _primaries(ready(Template.WEEKLY, EIGHT, [BERLIN], WEDNESDAY))
    # the first week began before the stretch
    assert [span.user_id for span in spans[:10]] == [1, 2, 3, 4, 5, 6, 7, 8, 1, 2]


def test_the_lieutenant_was_not_on_call_the_week_before() -> None:
    spans = _year(ready(Template.WEEKLY, EIGHT, [BERLIN], WEDNESDAY))
    primaries = [span for span in spans if span.role is Role.PRIMARY]
    seconds = {span.starts_at: span.user_id for span in spans if span.role is Role.LIEUTENANT}
    assert all(seconds[now.starts_at] != before.user_id for before, now in pairwise(primaries))


def test_nobody_works_at_night_when_the_sun_is_followed() -> None:
    made = ready(Template.FOLLOW_THE_SUN, NINE, SUN, WEDNESDAY)
    zones = {one.user_id: one.zone for one in NINE if one.user_id is not None}
    nights = night_watches(_primaries(made), zones)
    # all nights together are those few hours where one zone changes its clocks before another
    assert sum((n.ends_at - n.starts_at for n in nights), timedelta(0)) < timedelta(days=2)


def test_each_of_the_sun_is_planned_in_the_nearest_zone() -> None:
    tokyo = Candidate(user_id=1, zone=ZoneInfo("Asia/Tokyo"))
    lisbon = Candidate(user_id=2, zone=ZoneInfo("Europe/Lisbon"))
    made = ready(Template.FOLLOW_THE_SUN, [tokyo, lisbon], SUN, WEDNESDAY)
    members = {layer.name: layer.members[0].user_id for layer in made.plan.layers}
    assert members == {"Singapore": 1, "Berlin": 2, "Denver": None}


def test_business_hours_have_turns_of_their_own() -> None:
    spans = _primaries(ready(Template.BUSINESS_HOURS, EIGHT, [BERLIN], WEDNESDAY))
    office = [span for span in spans if "Business hours" in span.why]
    assert {reading(span.starts_at, BERLIN).hour for span in office} == {9}
    assert {reading(span.ends_at, BERLIN).hour for span in office} == {17}
    assert len({span.user_id for span in office[:8]}) == 8


def test_weekends_are_shared_evenly_by_an_even_team() -> None:
    spans = _primaries(ready(Template.WEEKEND, EIGHT, [BERLIN], WEDNESDAY))
    weekends = [span for span in spans if "Weekends" in span.why]
    assert len({span.user_id for span in weekends[:9]}) == 8
    assert all(a.user_id != b.user_id for a, b in pairwise(spans))
