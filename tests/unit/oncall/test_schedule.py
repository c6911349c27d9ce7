from datetime import timedelta
from itertools import pairwise

from tests.factories.oncall_specs import BERLIN, at, layer_spec, override_spec, rota_spec, window

from evenfall.oncall.logic.schedule import (
    NOT_WANTED,
    OnCall,
    coming_primaries,
    final_schedule,
    gaps,
    on_call_at,
)
from evenfall.oncall.logic.spec import (
    Gap,
    LieutenantKind,
    LieutenantRule,
    PlanSpec,
    Role,
    RotaSpec,
    Span,
)

SHIFT_1 = "Turn in layer Main, shift from Mon 2027-01-04 09:00 Europe/Berlin."
SHIFT_2 = "Turn in layer Main, shift from Mon 2027-01-11 09:00 Europe/Berlin."


def test_final_schedule_cuts_spans_at_its_ends_and_says_why() -> None:
    spans = final_schedule(rota_spec(layer_spec(1, 2)), at("2027-01-10"), at("2027-01-12"))
    monday = at("2027-01-11 08:00")
    assert spans == (
        Span(1, Role.PRIMARY, at("2027-01-10"), monday, SHIFT_1),
        Span(2, Role.PRIMARY, monday, at("2027-01-12"), SHIFT_2),
    )


def test_final_schedule_takes_instants_of_any_zone() -> None:
    spec = rota_spec(layer_spec(1, 2))
    assert final_schedule(spec, at("2027-01-10T00:00+05:00"), at("2027-01-11T05:00+05:00")) == (
        Span(1, Role.PRIMARY, at("2027-01-09 19:00"), at("2027-01-11"), SHIFT_1),
    )


def test_final_schedule_of_no_time_is_empty() -> None:
    spec = rota_spec(layer_spec(1, 2), lieutenant=LieutenantRule(kind=LieutenantKind.NEXT))
    assert final_schedule(spec, at("2027-01-10"), at("2027-01-10")) == ()
    assert final_schedule(spec, at("2027-01-10"), at("2027-01-09")) == ()


def test_final_schedule_lists_the_primary_before_the_lieutenant() -> None:
    spec = rota_spec(layer_spec(1, 2), lieutenant=LieutenantRule(kind=LieutenantKind.NEXT))
    spans = final_schedule(spec, at("2027-01-04 08:00"), at("2027-01-12"))
    assert [(span.user_id, span.role.value) for span in spans] == [
        (1, "primary"),
        (2, "lieutenant"),
        (2, "primary"),
        (1, "lieutenant"),
    ]


def test_an_override_over_a_hand_over_is_one_span() -> None:
    override = override_spec("2027-01-10", "2027-01-13", 9)
    spec = rota_spec(layer_spec(1, 2), overrides=(override,))
    spans = final_schedule(spec, at("2027-01-04 08:00"), at("2027-01-18 08:00"))
    assert [(s.user_id, (s.ends_at - s.starts_at).days) for s in spans] == [(1, 5), (9, 3), (2, 5)]


def test_two_shifts_of_one_person_are_two_spans() -> None:
    spans = final_schedule(rota_spec(layer_spec(1)), at("2027-01-04"), at("2027-01-18"))
    assert [span.user_id for span in spans] == [1, 1]


def test_a_new_plan_cuts_the_running_shift_and_leaves_the_past_alone() -> None:
    old = PlanSpec(starts_at=at("2027-01-01"), layers=(layer_spec(1, 2),))
    rule = LieutenantRule(kind=LieutenantKind.NEXT)
    new = PlanSpec(
        starts_at=at("2027-01-06 08:00"),
        layers=(layer_spec(3, 4, starts_at="2027-01-06 09:00", hours=(24,)),),
        lieutenant=rule,
    )
    spec = RotaSpec(zone=BERLIN, plans=(old, new))
    spans = final_schedule(spec, at("2027-01-01"), at("2027-01-07 08:00"))
    assert [(span.user_id, span.role.value, span.starts_at.day) for span in spans] == [
        (1, "primary", 4),
        (3, "primary", 6),
        (4, "lieutenant", 6),
    ]


def test_gaps_are_named_with_their_reason() -> None:
    spec = rota_spec(layer_spec(1, None))
    assert gaps(spec, at("2027-01-01"), at("2027-01-14")) == (
        Gap(at("2027-01-01"), at("2027-01-04 08:00"), "No layer covers this time."),
        Gap(
            at("2027-01-11 08:00"),
            at("2027-01-14"),
            "Empty place in layer Main, shift from Mon 2027-01-11 09:00 Europe/Berlin.",
        ),
    )


def test_gaps_count_only_inside_the_coverage() -> None:
    office = tuple(window(f"{day} 08:00", f"{day} 18:00") for day in ("Mon", "Tue"))
    spec = rota_spec(layer_spec(1, windows=(window("Mon 09:00", "Tue 18:00"),)), coverage=office)
    found = gaps(spec, at("2027-01-04 00:00"), at("2027-01-11 00:00"))
    assert [(gap.starts_at, gap.ends_at) for gap in found] == [
        (at("2027-01-04 07:00"), at("2027-01-04 08:00"))
    ]


def test_gaps_see_coverage_in_an_hour_that_is_shown_twice() -> None:
    # in Berlin the hour from 02:00 is shown from 00:00 and again from 01:00 UTC on 31 October
    night = window("Sun 02:00", "Sun 03:00")
    spec = rota_spec(layer_spec(None, starts_at="2027-10-25 09:00"), coverage=(night,))
    found = gaps(spec, at("2027-10-31 00:30"), at("2027-10-31 01:10"))
    assert [(gap.starts_at, gap.ends_at) for gap in found] == [
        (at("2027-10-31 00:30"), at("2027-10-31 01:10"))
    ]


def test_on_call_at_gives_whole_duties() -> None:
    spec = rota_spec(layer_spec(1, 2), lieutenant=LieutenantRule(kind=LieutenantKind.NEXT))
    now = on_call_at(spec, at("2027-01-06 12:00"))
    week = (at("2027-01-04 08:00"), at("2027-01-11 08:00"))
    assert now.primary == Span(1, Role.PRIMARY, *week, SHIFT_1)
    assert now.lieutenant is not None
    assert (now.lieutenant.user_id, now.lieutenant.starts_at, now.lieutenant.ends_at) == (2, *week)
    next_week = (week[1], at("2027-01-18 08:00"))
    assert now.next_primary == Span(2, Role.PRIMARY, *next_week, SHIFT_2)


def test_coming_primaries_are_whole() -> None:
    spec = rota_spec(layer_spec(1, 2))
    mondays = [at(f"2027-01-{day} 08:00") for day in ("04", "11", "18", "25")]
    coming = coming_primaries(spec, at("2027-01-06"), at("2027-01-20"))
    assert [(span.starts_at, span.ends_at) for span in coming] == list(pairwise(mondays))
    early = coming_primaries(spec, at("2027-01-01"), at("2027-01-05"))
    assert [(span.starts_at, span.ends_at) for span in early] == [(mondays[0], mondays[1])]


def test_on_call_at_the_hand_over_is_the_one_who_comes() -> None:
    assert on_call_at(rota_spec(layer_spec(1, 2)), at("2027-01-11 08:00")).primary == Span(
        2, Role.PRIMARY, at("2027-01-11 08:00"), at("2027-01-18 08:00"), SHIFT_2
    )


def test_next_primary_is_somebody_else_however_far_away() -> None:
    joined = override_spec("2027-05-01 10:00", "2027-05-01 12:00", 9)
    following = on_call_at(
        rota_spec(layer_spec(1), overrides=(joined,)), at("2027-01-06")
    ).next_primary
    assert following is not None
    assert (following.user_id, following.ends_at) == (9, at("2027-05-01 12:00"))
    assert on_call_at(rota_spec(layer_spec(1)), at("2027-01-06")).next_primary is None


def test_on_call_at_a_gap_names_who_comes_next() -> None:
    now = on_call_at(rota_spec(layer_spec(1)), at("2027-01-01"))
    assert now.primary is None
    assert now.next_primary is not None
    assert now.next_primary.starts_at - at("2027-01-01") == timedelta(days=3, hours=8)


def test_on_call_at_nobody_at_all() -> None:
    now = on_call_at(rota_spec(), at("2027-01-01"))
    assert now == OnCall(None, None, None, "No layer covers this time.")


def test_on_call_at_a_time_that_is_not_covered_on_purpose() -> None:
    monday = window("Mon 09:00", "Mon 17:00")
    spec = rota_spec(layer_spec(1, windows=(monday,)), coverage=(monday,))
    assert on_call_at(spec, at("2027-01-05")).why_nobody == NOT_WANTED
    assert not on_call_at(spec, at("2027-01-04 10:00")).why_nobody
