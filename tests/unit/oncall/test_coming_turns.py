import itertools
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.factories.oncall_specs import at, layer_spec, override_spec, rota_spec, window
from tests.unit.oncall import strategies

from evenfall.oncall.logic.coming_turns import coming_turns
from evenfall.oncall.logic.spec import PlanSpec, Role

NOW = at("2027-01-06T12:00")
UNTIL = NOW + timedelta(weeks=3)


def test_turns_are_whole_and_the_running_one_is_settled() -> None:
    found = coming_turns(rota_spec(layer_spec(1, 2)), NOW, UNTIL)
    assert [shift.user_id for shift in found] == [1, 2, 1, 2]
    assert [shift.is_settled for shift in found] == [True, False, False, False]
    assert [shift.place for shift in found] == [0, 1, 2, 3]
    assert found[-1].starts_at < UNTIL < found[-1].ends_at
    assert found[-1].ends_at == at("2027-02-01T08:00")


def test_two_turns_of_one_person_stay_two() -> None:
    found = coming_turns(rota_spec(layer_spec(1)), NOW, UNTIL)
    assert len(found) == 4


def test_a_turn_worked_by_day_is_one_shift_in_pieces() -> None:
    days = tuple(window(f"{day} 09:00", f"{day} 17:00") for day in ("Mon", "Tue", "Wed"))
    found = coming_turns(rota_spec(layer_spec(1, 2, windows=days)), NOW, UNTIL)
    assert [len(shift.pieces) for shift in found[1:]] == [3, 3, 3]


def test_what_people_decided_is_settled_and_belongs_to_who_has_most_of_it() -> None:
    overrides = (
        override_spec("2027-01-12", "2027-01-17", 3),
        override_spec("2027-01-20", "2027-01-21", 3),
        override_spec("2027-01-26", "2027-01-27", 3, role=Role.LIEUTENANT),
    )
    found = coming_turns(rota_spec(layer_spec(1, 2), overrides=overrides), NOW, UNTIL)
    assert [shift.user_id for shift in found] == [1, 3, 1, 2]
    assert [shift.is_settled for shift in found] == [True, True, True, False]


def test_an_empty_place_is_a_shift_of_nobody() -> None:
    found = coming_turns(rota_spec(layer_spec(None, 2)), NOW, UNTIL)
    assert [shift.user_id for shift in found] == [None, 2, None, 2]


def test_layers_have_lanes_of_their_own() -> None:
    nights = layer_spec(3, name="Nights", windows=(window("Mon 22:00", "Tue 06:00"),))
    found = coming_turns(rota_spec(layer_spec(1, 2), nights), NOW, UNTIL)
    assert len({(shift.lane, shift.place) for shift in found}) == len(found)
    assert len({shift.lane for shift in found}) == 2


def test_a_new_plan_has_shifts_of_its_own() -> None:
    spec = rota_spec(layer_spec(1, 2))
    later = PlanSpec(starts_at=at("2027-01-18T08:00"), layers=(layer_spec(3, 4, name="New"),))
    found = coming_turns(replace(spec, plans=(*spec.plans, later)), NOW, UNTIL)
    assert [shift.user_id for shift in found] == [1, 2, 3, 4]
    assert found[0].lane != found[-1].lane


def test_a_rota_without_layers_has_no_turns() -> None:
    assert coming_turns(rota_spec(), NOW, UNTIL) == []


@given(st.data())
def test_turns_never_overlap_and_are_in_order(data: st.DataObject) -> None:
    spec = data.draw(strategies.rotas(NOW))
    found = coming_turns(spec, NOW, NOW + timedelta(days=4))
    pieces = sorted(piece for shift in found for piece in shift.pieces)
    assert all(high <= low for (_, high), (low, _) in itertools.pairwise(pieces))
    assert [shift.starts_at for shift in found] == sorted(shift.starts_at for shift in found)
