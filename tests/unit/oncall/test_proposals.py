"""A plan that nobody saved, as if it had held before."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.factories.oncall_specs import BERLIN, at, layer_spec, slots, window

from evenfall.oncall.logic import schedule
from evenfall.oncall.logic.proposals import as_if_earlier
from evenfall.oncall.logic.spec import LayerSpec, PlanSpec, Role, RotaSpec

START = "2026-03-02 09:00"


def spec_of(layer: LayerSpec) -> tuple[RotaSpec, PlanSpec]:
    plan = PlanSpec(starts_at=at("2026-03-02 08:00"), layers=(layer,))
    return RotaSpec(zone=BERLIN, plans=(plan,)), plan


def primaries(spec: RotaSpec, since: str, until: str) -> list[tuple[int, str]]:
    spans = schedule.final_schedule(spec, at(since), at(until))
    return [(s.user_id, f"{s.starts_at:%m-%d %H}") for s in spans if s.role is Role.PRIMARY]


def test_the_turns_go_backwards_from_the_first() -> None:
    spec, plan = spec_of(layer_spec(members=slots(1, 2, 3), starts_at=START))
    earlier = as_if_earlier(spec, plan, at("2026-02-10"))
    assert primaries(earlier, "2026-02-10", "2026-03-03") == [
        (1, "02-10 00"),
        (2, "02-16 08"),
        (3, "02-23 08"),
        (1, "03-02 08"),
    ]


def test_a_plan_that_began_before_stays() -> None:
    layer = layer_spec(members=slots(1, 2), starts_at="2025-12-01 09:00")
    spec, plan = spec_of(layer)
    earlier = as_if_earlier(spec, plan, at("2026-02-10"))
    assert earlier.plans[0].layers[0].pattern == layer.pattern


@given(
    st.integers(1, 4),
    st.sampled_from([(168,), (24,), (96, 72), (12,)]),
    st.booleans(),
    st.integers(1, 40),
)
def test_from_its_first_shift_on_it_gives_what_the_plan_gives(
    people: int, hours: tuple[int, ...], by_week: bool, days: int
) -> None:
    windows = (window("Mon 09:00", "Fri 18:00"),) if by_week else ()
    layer = layer_spec(
        members=slots(*range(1, people + 1)), starts_at=START, hours=hours, windows=windows
    )
    spec, plan = spec_of(layer)
    earlier = as_if_earlier(spec, plan, plan.starts_at - timedelta(days=days))
    span = ("2026-03-02 08:00", "2026-04-20")
    assert primaries(earlier, *span) == primaries(spec, *span)
