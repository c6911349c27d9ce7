from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from msgspec.structs import replace
from tests.factories.oncall_specs import ALWAYS, at, layer_spec, override_spec, rota_spec, window

from evenfall.oncall.logic.coming_turns import coming_turns
from evenfall.oncall.logic.new_order import new_order
from evenfall.oncall.logic.planner import Assignment
from evenfall.oncall.logic.schedule import final_schedule
from evenfall.oncall.logic.spec import LayerSpec, MemberSlot, OverrideSpec, PlanSpec, RotaSpec

NOW = at("2027-01-06 12:00")  # in the first week
WEEK = timedelta(weeks=1)


def _order(
    layer: LayerSpec, wanted: Sequence[int | None], *overrides: OverrideSpec
) -> tuple[RotaSpec, PlanSpec | None]:
    """The rota, and the plan that gives the wanted people the free turns of the weeks after."""
    spec = rota_spec(layer, overrides=overrides)
    until = NOW + (len(wanted) + len(overrides)) * WEEK
    turns = coming_turns(spec, NOW, until)
    free = iter(wanted)
    assignments = [
        Assignment(shift=turn, user_id=turn.user_id if turn.is_settled else next(free), why="")
        for turn in turns
    ]
    far = max(turn.ends_at for turn in turns)
    return spec, new_order(spec, assignments, now=NOW, until=far)


def _people(plan: PlanSpec | None) -> list[int | None]:
    assert plan is not None
    return [slot.user_id for slot in plan.layers[0].members]


def test_two_who_change_places_are_a_new_order() -> None:
    spec, plan = _order(layer_spec(1, 2, 3, 4), [3, 2, 4])
    assert _people(plan) == [3, 2, 4, 1]
    assert plan is not None
    assert plan.starts_at == at("2027-01-11 08:00")
    after = replace(spec, plans=(*spec.plans, plan))
    spans = final_schedule(after, NOW, NOW + 6 * WEEK)
    assert [span.user_id for span in spans] == [1, 3, 2, 4, 1, 3, 2]


def test_the_order_begins_with_the_first_change() -> None:
    _, plan = _order(layer_spec(1, 2, 3, 4), [2, 4, 3])
    assert _people(plan) == [4, 3, 1, 2]
    assert plan is not None
    assert plan.starts_at == at("2027-01-18 08:00")


def test_what_comes_round_must_be_the_same() -> None:
    assert _people(_order(layer_spec(1, 2, 3), [3, 2, 1, 3])[1]) == [3, 2, 1]
    assert _order(layer_spec(1, 2, 3), [3, 2, 1, 2])[1] is None


@pytest.mark.parametrize(
    "wanted",
    [
        [2, 3, 4],  # as it is
        [3, 3, 4],  # one change, and twice in a round
        [9, 8, 4],  # no members
        [None, 2, 4],
    ],
)
def test_there_is_no_order_for_what_no_order_gives(wanted: list[int | None]) -> None:
    assert _order(layer_spec(1, 2, 3, 4), wanted)[1] is None


def test_a_turn_that_was_decided_may_be_anybodys() -> None:
    decided = override_spec("2027-01-18 08:00", "2027-01-25 08:00", 1)
    assert _people(_order(layer_spec(1, 2, 3, 4), [4, 2], decided)[1])[0::2] == [4, 2]


def test_members_who_come_or_go_keep_their_dates() -> None:
    leaving = MemberSlot(user_id=4, leaves_on=date(2027, 6, 1))
    members = (*(MemberSlot(user_id=one) for one in (1, 2, 3)), leaving)
    assert _order(layer_spec(members=members), [3, 2, 4])[1] is None
    assert _order(layer_spec(1, 2, 3, 2), [3, 2, 1])[1] is None


def test_a_plan_that_begins_later_stays() -> None:
    layer = layer_spec(1, 2, 3, 4)
    spec = rota_spec(layer)
    later = PlanSpec(starts_at=NOW + WEEK, layers=(layer,))
    planned = replace(spec, plans=(*spec.plans, later))
    turns = coming_turns(spec, NOW, NOW + 3 * WEEK)
    wanted = [Assignment(shift=turn, user_id=1, why="") for turn in turns]
    assert new_order(planned, wanted, now=NOW, until=NOW + 3 * WEEK) is None
    assert spec.plans[0].starts_at == ALWAYS


def test_turns_count_worked_shifts_only() -> None:
    days = (window("Mon 00:00", "Sat 00:00"),)
    layer = layer_spec(1, 2, 3, 4, hours=(24,), windows=days, starts_at="2027-01-04 00:00")
    _, plan = _order(layer, [1, 4], override_spec("2027-01-09", "2027-01-30", 2))
    assert plan is not None
    assert _people(plan) == [1, 4, 2, 3]
