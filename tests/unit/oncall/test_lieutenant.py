from datetime import timedelta

import pytest
from tests.factories.oncall_specs import at, layer_spec, override_spec, rota_spec, window

from evenfall.oncall.logic.schedule import final_schedule
from evenfall.oncall.logic.spec import (
    LayerSpec,
    LieutenantKind,
    LieutenantRule,
    OverrideKind,
    OverrideSpec,
    Role,
)

NEXT = LieutenantRule(kind=LieutenantKind.NEXT)
PREVIOUS = LieutenantRule(kind=LieutenantKind.PREVIOUS)


def _weeks(
    layer: LayerSpec, rule: LieutenantRule, *overrides: OverrideSpec
) -> list[tuple[int, str]]:
    """(lieutenant, first day) over the first three weeks."""
    spec = rota_spec(layer, lieutenant=rule, overrides=overrides)
    spans = final_schedule(spec, at("2027-01-04 08:00"), at("2027-01-25 08:00"))
    seconds = [span for span in spans if span.role is Role.LIEUTENANT]
    return [(span.user_id, f"{span.starts_at:%d %H}") for span in seconds]


def _why(rule: LieutenantRule, *overrides: OverrideSpec, days: int = 0) -> str:
    spec = rota_spec(layer_spec(1, 2, 3), lieutenant=rule, overrides=overrides)
    low = at("2027-01-04 08:00") + timedelta(days=days)
    return final_schedule(spec, low, low + timedelta(hours=1))[-1].why


def test_nobody_is_lieutenant_without_a_rule() -> None:
    assert _weeks(layer_spec(1, 2, 3), LieutenantRule()) == []


def test_previous_is_the_one_before_in_the_order() -> None:
    assert _weeks(layer_spec(1, 2, 3), PREVIOUS) == [(3, "04 08"), (1, "11 08"), (2, "18 08")]


def test_next_is_the_one_after_in_the_order() -> None:
    assert _weeks(layer_spec(1, 2, 3), NEXT) == [(2, "04 08"), (3, "11 08"), (1, "18 08")]


def test_empty_places_and_the_primary_themselves_are_passed_over() -> None:
    assert _weeks(layer_spec(1, 1, None, 2), NEXT)[0] == (2, "04 08")


def test_one_person_alone_has_no_lieutenant() -> None:
    assert _weeks(layer_spec(1), NEXT) == []


def test_a_named_person_is_always_lieutenant_but_beside_themselves() -> None:
    rule = LieutenantRule(kind=LieutenantKind.PERSON, user_id=2)
    assert _weeks(layer_spec(1, 2, 3), rule) == [(2, "04 08"), (2, "18 08")]
    assert _weeks(layer_spec(1), LieutenantRule(kind=LieutenantKind.PERSON)) == []


def test_an_own_sequence_skips_whoever_is_primary() -> None:
    rule = LieutenantRule(
        kind=LieutenantKind.OWN_SEQUENCE, layers=(layer_spec(1, 7, name="Seconds"),)
    )
    # week 1: 1 is primary, so 7 stands in; week 2: 7; week 3: 1
    assert [person for person, _ in _weeks(layer_spec(1, 2, 3), rule)] == [7, 7, 1]
    assert _weeks(layer_spec(1), LieutenantRule(kind=LieutenantKind.OWN_SEQUENCE)) == []


def test_a_lieutenant_who_takes_over_is_followed_by_the_next_in_line() -> None:
    takes_over = override_spec("2027-01-05 08:00", "2027-01-06 08:00", 3)
    assert _weeks(layer_spec(1, 2, 3), PREVIOUS, takes_over)[:3] == [
        (3, "04 08"),
        (2, "05 08"),
        (3, "06 08"),
    ]


def test_an_override_of_the_lieutenant_never_makes_them_the_primary_twice() -> None:
    override = override_spec("2027-01-05 08:00", "2027-01-06 08:00", 1, role=Role.LIEUTENANT)
    assert _weeks(layer_spec(1, 2, 3), PREVIOUS, override)[0] == (3, "04 08")
    absent = override_spec(
        "2027-01-05 08:00", "2027-01-06 08:00", kind=OverrideKind.REMOVE, role=Role.LIEUTENANT
    )
    assert _weeks(layer_spec(1, 2, 3), PREVIOUS, absent)[:2] == [(3, "04 08"), (3, "06 08")]


def test_whoever_stands_in_is_not_the_primary_either() -> None:
    both = [override_spec("2027-01-01", "2027-02-01", 2, role=role) for role in Role]
    assert _weeks(layer_spec(1, 2, 3), NEXT, *both)[0] == (3, "04 08")


def test_somebody_who_is_removed_still_has_a_lieutenant_beside_the_gap() -> None:
    removed = override_spec("2027-01-04 08:00", "2027-01-11 08:00", kind=OverrideKind.REMOVE)
    assert _weeks(layer_spec(1, 2, 3), NEXT, removed)[0] == (2, "04 08")


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        (NEXT, "next in the order of"),
        (PREVIOUS, "previous in the order of"),
        (LieutenantRule(kind=LieutenantKind.PERSON, user_id=5), "named by the rule, in"),
    ],
)
def test_the_reason_names_rule_and_shift(rule: LieutenantRule, why: str) -> None:
    shift = "layer Main, shift from Mon 2027-01-04 09:00 Europe/Berlin."
    assert _why(rule) == f"Lieutenant, because {why} {shift}"


def test_the_reason_says_that_somebody_stands_in() -> None:
    override = override_spec("2027-01-01", "2027-02-01", 2)
    assert _why(NEXT, override).endswith("so the next in line stands in.")


RESTED = LieutenantRule(kind=LieutenantKind.NEXT, spares_previous=True)


def test_whoever_had_the_week_before_rests() -> None:
    previous = LieutenantRule(kind=LieutenantKind.PREVIOUS, spares_previous=True)
    # nobody was on call before the first week
    assert _weeks(layer_spec(1, 2, 3), previous) == [(3, "04 08"), (3, "11 08"), (1, "18 08")]
    assert _weeks(layer_spec(1, 2, 3), RESTED) == _weeks(layer_spec(1, 2, 3), NEXT)
    assert _why(previous, days=7).endswith("had the shift before, so the next in line stands in.")


def test_two_people_back_each_other_up_although_nobody_rests() -> None:
    assert _weeks(layer_spec(1, 2), RESTED) == [(2, "04 08"), (1, "11 08"), (2, "18 08")]


def test_an_own_sequence_and_a_named_person_rest_too() -> None:
    own = LieutenantRule(
        kind=LieutenantKind.OWN_SEQUENCE, layers=(layer_spec(3, 7, name="Seconds"),)
    )
    rested = LieutenantRule(kind=own.kind, layers=own.layers, spares_previous=True)
    assert [person for person, _ in _weeks(layer_spec(1, 2, 3), own)] == [3, 7, 7]
    assert [person for person, _ in _weeks(layer_spec(1, 2, 3), rested)] == [3, 7, 7]
    named = LieutenantRule(kind=LieutenantKind.PERSON, user_id=3, spares_previous=True)
    assert _weeks(layer_spec(1, 2, 3), named)[0] == (3, "04 08")


def test_whoever_really_had_the_week_before_rests() -> None:
    """3 takes the first week from 1, so 3 rests in the second one, and 1 does not."""
    rule = LieutenantRule(kind=LieutenantKind.NEXT, spares_previous=True)
    instead = override_spec("2027-01-04 08:00", "2027-01-11 08:00", 3)
    assert _weeks(layer_spec(1, 2, 3), rule)[1] == (3, "11 08")
    assert _weeks(layer_spec(1, 2, 3), rule, instead)[1] == (1, "11 08")


def test_an_hour_of_the_week_before_tires_nobody() -> None:
    instead = override_spec("2027-01-04 08:00", "2027-01-04 09:00", 3)
    assert _weeks(layer_spec(1, 2, 3), RESTED, instead)[-2] == (3, "11 08")


def test_nobody_rests_after_a_gap() -> None:
    gap = override_spec("2027-01-04 08:00", "2027-01-11 08:00", kind=OverrideKind.REMOVE)
    previous = LieutenantRule(kind=LieutenantKind.PREVIOUS, spares_previous=True)
    assert _weeks(layer_spec(1, 2, 3), previous, gap)[1] == (1, "11 08")


def test_the_shift_before_is_the_last_one_that_is_worked() -> None:
    """Days from Monday to Friday: on Monday whoever had Friday rests."""
    days = (window("Mon 09:00", "Fri 17:00"),)
    layer = layer_spec(1, 2, 3, hours=(24,), windows=days, starts_at="2027-01-04 00:00")
    spec = rota_spec(layer, lieutenant=RESTED)
    low = at("2027-01-11 08:00")
    spans = final_schedule(spec, low, low + timedelta(hours=1))
    friday = final_schedule(spec, low - timedelta(days=3), low - timedelta(days=3, hours=-1))
    assert friday[0].user_id not in {span.user_id for span in spans}


def test_who_rests_stands_in_last() -> None:
    takes_over = override_spec("2027-01-05 08:00", "2027-01-06 08:00", 2)
    assert _weeks(layer_spec(1, 2, 3), RESTED, takes_over)[1] == (3, "05 08")


def test_an_empty_place_before_makes_nobody_tired() -> None:
    assert _weeks(layer_spec(1, 2, None), RESTED)[0] == (2, "04 08")
