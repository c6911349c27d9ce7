from msgspec.structs import replace
from tests.factories.oncall_specs import at, layer_spec, override_spec, rota_spec

from evenfall.oncall.logic.schedule import final_schedule, on_call_at
from evenfall.oncall.logic.spec import (
    LayerSpec,
    LieutenantKind,
    LieutenantRule,
    OverrideKind,
    OverrideSpec,
    Role,
    RotaSpec,
    Span,
)

NEXT = LieutenantRule(kind=LieutenantKind.NEXT)
START, END = at("2027-01-04 08:00"), at("2027-01-25 08:00")


def _rota(*shadows: LayerSpec, overrides: tuple[OverrideSpec, ...] = ()) -> RotaSpec:
    spec = rota_spec(layer_spec(1, 2, 3), lieutenant=NEXT, overrides=overrides)
    (plan,) = spec.plans
    return replace(spec, plans=(replace(plan, shadows=shadows),))


def _learning(spec: RotaSpec) -> list[Span]:
    return [span for span in final_schedule(spec, START, END) if span.role is Role.SHADOW]


def test_a_person_or_a_sequence_learns_with_reasons() -> None:
    (always,) = _learning(_rota(layer_spec(9, name="Newcomer")))[:1]
    assert (always.user_id, always.starts_at) == (9, START)
    assert always.why.startswith("Turn in layer Newcomer")
    sequence = _learning(_rota(layer_spec(8, 9, name="Newcomers")))
    assert [span.user_id for span in sequence] == [8, 9, 8]


def test_shadows_come_after_primaries_and_lieutenants() -> None:
    roles = [s.role for s in final_schedule(_rota(layer_spec(9)), START, at("2027-01-05 08:00"))]
    assert roles == [Role.PRIMARY, Role.LIEUTENANT, Role.SHADOW]


def test_a_shadow_is_never_the_only_one() -> None:
    nobody = override_spec("2027-01-05 08:00", "2027-01-06 08:00", kind=OverrideKind.REMOVE)
    spec = _rota(layer_spec(9), overrides=(nobody,))
    found = on_call_at(spec, at("2027-01-05 12:00"))
    assert (found.primary, found.shadow) == (None, None)
    back = on_call_at(spec, at("2027-01-06 12:00"))
    assert back.shadow is not None
    assert back.shadow.user_id == 9


def test_whoever_has_a_role_is_not_their_own_shadow() -> None:
    # 1 is primary in the first week and lieutenant in the third
    assert [f"{s.starts_at:%d}" for s in _learning(_rota(layer_spec(1)))] == ["11"]


def test_overrides_change_the_shadow_too() -> None:
    joins = override_spec("2027-01-05 08:00", "2027-01-06 08:00", 9, role=Role.SHADOW)
    (only,) = _learning(_rota(overrides=(joins,)))
    assert (only.user_id, only.starts_at) == (9, at("2027-01-05 08:00"))


def test_the_next_primary_is_never_a_shadow() -> None:
    found = on_call_at(_rota(layer_spec(9)), START)
    assert found.next_primary is not None
    assert found.next_primary.user_id == 2
