from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.factories.oncall_specs import at, layer_spec, override_spec, rota_spec, window
from tests.unit.oncall import strategies

from evenfall.oncall.logic.held import HeldShift, found_again, held, shift_of
from evenfall.oncall.logic.schedule import final_schedule
from evenfall.oncall.logic.spec import OverrideKind, OverrideSpec, Role, RotaSpec, Span

ADA, BEN, CAT = 1, 2, 3
PLAN = rota_spec(layer_spec(ADA, BEN))
MONDAY, NEXT, LAST = at("2027-01-04 08:00"), at("2027-01-11 08:00"), at("2027-01-18 08:00")


def _shift(spec: RotaSpec, user_id: int, moment: str = "2027-01-06 12:00") -> HeldShift:
    found = shift_of(held(spec, MONDAY, LAST), user_id=user_id, role=Role.PRIMARY, at=at(moment))
    assert found is not None
    return found


def test_a_shift_is_whole_although_only_a_part_was_asked_for() -> None:
    (found,) = held(PLAN, at("2027-01-06 12:00"), at("2027-01-06 13:00"))
    assert (found.user_id, found.starts_at, found.ends_at) == (ADA, MONDAY, NEXT)
    assert found.turn == "Turn in layer Main, shift from Mon 2027-01-04 09:00 Europe/Berlin."


def test_the_days_of_a_week_of_office_hours_are_one_shift() -> None:
    days = tuple(window(f"{day} 09:00", f"{day} 17:00") for day in ("Mon", "Tue", "Wed"))
    spec = rota_spec(layer_spec(ADA, BEN, windows=days))
    found = _shift(spec, ADA)
    assert (found.starts_at, found.ends_at) == (MONDAY, at("2027-01-06 16:00"))


def test_a_shift_stays_one_when_somebody_has_a_part_of_it_by_an_override() -> None:
    spec = replace(PLAN, overrides=(override_spec("2027-01-05 10:00", "2027-01-05 12:00", CAT),))
    assert (_shift(spec, ADA).starts_at, _shift(spec, ADA).ends_at) == (MONDAY, NEXT)
    assert _shift(spec, CAT, "2027-01-05 11:00").ends_at == at("2027-01-05 12:00")


def test_nobody_else_has_the_shift() -> None:
    shifts = held(PLAN, MONDAY, LAST)
    assert shift_of(shifts, user_id=CAT, role=Role.PRIMARY, at=MONDAY) is None
    assert shift_of(shifts, user_id=ADA, role=Role.LIEUTENANT, at=MONDAY) is None
    assert shift_of(shifts, user_id=ADA, role=Role.PRIMARY, at=NEXT) is None


def test_a_shift_is_found_again_where_it_was_moved_to() -> None:
    earlier = rota_spec(layer_spec(ADA, BEN, starts_at="2027-01-04 08:00"))
    found = found_again(_shift(PLAN, ADA), held(earlier, MONDAY, LAST))
    assert found is not None
    assert (found.starts_at, found.ends_at) == (
        MONDAY - timedelta(hours=1),
        NEXT - timedelta(hours=1),
    )


def test_a_shift_is_found_again_by_its_identity_before_anything_nearer() -> None:
    """Somebody else has nearly all of it by an override; what is left is still the shift."""
    spec = replace(PLAN, overrides=(override_spec("2027-01-04 08:00", "2027-01-11 06:00", CAT),))
    found = found_again(_shift(PLAN, ADA), held(spec, MONDAY, LAST))
    assert found is not None
    assert found.starts_at == at("2027-01-11 06:00")


def test_a_shift_that_somebody_else_has_now_is_gone() -> None:
    wanted = _shift(PLAN, ADA)
    assert found_again(wanted, held(rota_spec(layer_spec(CAT, BEN)), MONDAY, LAST)) is None
    turned = rota_spec(layer_spec(BEN, ADA))
    assert found_again(wanted, held(turned, MONDAY, LAST)) is None


def test_a_rota_without_layers_has_no_shifts() -> None:
    assert held(rota_spec(), MONDAY, LAST) == ()


@settings(max_examples=60)
@given(st.data())
def test_held_shifts_are_all_time_in_a_role(data: st.DataObject) -> None:
    around = data.draw(strategies.moments(data.draw(strategies.zones()), 2027))
    spec = data.draw(strategies.rotas(around))
    shifts = held(spec, around, around + timedelta(days=9))
    for span in final_schedule(spec, around, around + timedelta(days=9)):
        found = shift_of(shifts, user_id=span.user_id, role=span.role, at=span.starts_at)
        assert found is not None
        assert found.starts_at <= span.starts_at < span.ends_at <= found.ends_at


@settings(max_examples=60)
@given(st.data())
def test_a_swap_keeps_the_sum_of_hours_of_both(data: st.DataObject) -> None:
    """And only moves the lengths of the two shifts, also over a change of the clocks."""
    around = data.draw(strategies.moments(data.draw(strategies.zones()), 2027))
    layers = data.draw(
        st.just(layer_spec(ADA, BEN, CAT))
        | strategies.layers(data.draw(strategies.zones()), around.date())
    )
    spec = rota_spec(layers)
    shifts = held(spec, around, around + timedelta(days=40))
    mine = next((one for one in shifts if one.user_id == ADA), None)
    yours = next((one for one in shifts if one.user_id == BEN), None)
    if mine is None or yours is None:
        return
    swapped = replace(spec, overrides=(_handed(mine, BEN), _handed(yours, ADA)))
    stretch = (around - timedelta(days=70), around + timedelta(days=120))
    before, after = (final_schedule(one, *stretch) for one in (spec, swapped))
    assert _hours(before, ADA) + _hours(before, BEN) == _hours(after, ADA) + _hours(after, BEN)
    moved = _own(before, yours) - _own(before, mine)
    assert _hours(after, ADA) - _hours(before, ADA) == moved


def _handed(shift: HeldShift, to: int) -> OverrideSpec:
    return OverrideSpec(
        role=shift.role,
        kind=OverrideKind.REPLACE,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        user_id=to,
        instead_of=shift.user_id,
    )


def _hours(spans: tuple[Span, ...], user_id: int) -> timedelta:
    mine = [s for s in spans if s.user_id == user_id and s.role is Role.PRIMARY]
    return sum((s.ends_at - s.starts_at for s in mine), timedelta())


def _own(spans: tuple[Span, ...], shift: HeldShift) -> timedelta:
    mine = [s for s in spans if (s.user_id, s.why) == (shift.user_id, shift.turn)]
    return sum((s.ends_at - s.starts_at for s in mine), timedelta())
