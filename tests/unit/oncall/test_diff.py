from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.factories.oncall_specs import at, layer_spec, override_spec, rota_spec
from tests.unit.oncall import strategies

from evenfall.oncall.logic import diff
from evenfall.oncall.logic.diff import Change
from evenfall.oncall.logic.schedule import final_schedule
from evenfall.oncall.logic.spec import (
    LieutenantKind,
    LieutenantRule,
    OverrideKind,
    Role,
    RotaSpec,
    Span,
)

ADA, BEN, CAT = 1, 2, 3
PLAN = rota_spec(layer_spec(ADA, BEN))
MONDAY, NEXT = at("2027-01-04 08:00"), at("2027-01-11 08:00")


def test_diff_names_role_before_and_after() -> None:
    changed = replace(PLAN, overrides=(override_spec("2027-01-05 10:00", "2027-01-05 12:00", CAT),))
    assert diff.diff(PLAN, changed, MONDAY, NEXT) == (
        Change(at("2027-01-05 10:00"), at("2027-01-05 12:00"), Role.PRIMARY, ADA, CAT),
    )


def test_diff_joins_neighbours_of_different_reasons() -> None:
    changed = replace(
        PLAN,
        overrides=(
            override_spec("2027-01-05 10:00", "2027-01-05 12:00", CAT, note="dentist"),
            override_spec("2027-01-05 12:00", "2027-01-05 13:00", CAT),
            override_spec("2027-01-06 12:00", "2027-01-06 13:00", CAT),
        ),
    )
    found = diff.diff(PLAN, changed, MONDAY, NEXT)
    assert [(one.starts_at, one.ends_at) for one in found] == [
        (at("2027-01-05 10:00"), at("2027-01-05 13:00")),
        (at("2027-01-06 12:00"), at("2027-01-06 13:00")),
    ]


def test_diff_shows_a_gap_as_nobody() -> None:
    gap = override_spec("2027-01-05 10:00", "2027-01-05 12:00", kind=OverrideKind.REMOVE)
    (found,) = diff.effect(PLAN, gap)
    assert (found.before, found.after) == (ADA, None)


def test_diff_shows_the_lieutenant_who_has_to_change_too() -> None:
    rule = LieutenantRule(kind=LieutenantKind.NEXT)
    spec = rota_spec(layer_spec(ADA, BEN, CAT), lieutenant=rule)
    found = diff.effect(spec, override_spec("2027-01-05 10:00", "2027-01-05 12:00", BEN))
    assert [(one.role, one.before, one.after) for one in found] == [
        (Role.PRIMARY, ADA, BEN),
        (Role.LIEUTENANT, BEN, CAT),
    ]


def test_another_reason_for_the_same_person_is_no_change() -> None:
    assert diff.effect(PLAN, override_spec("2027-01-05 10:00", "2027-01-05 12:00", ADA)) == ()


def test_an_override_under_another_one_is_without_effect() -> None:
    below = override_spec("2027-01-05 10:00", "2027-01-05 12:00", CAT)
    above = override_spec("2027-01-05 09:00", "2027-01-05 13:00", BEN)
    spec = replace(PLAN, overrides=(below, above))
    assert diff.is_without_effect(spec, below)
    assert not diff.is_without_effect(spec, above)


@st.composite
def _pairs(draw: st.DrawFn) -> tuple[RotaSpec, RotaSpec, datetime]:
    """Two rotas about the same time: one is often the other with a few more overrides."""
    around = draw(strategies.moments(draw(strategies.zones()), draw(strategies.years)))
    one = draw(strategies.rotas(around))
    more = tuple(draw(st.lists(strategies.overrides(around), max_size=3)))
    other = replace(one, overrides=(*one.overrides, *more))
    return one, draw(st.just(other) | strategies.rotas(around)), around


def _edges(*lists: Sequence[Span | Change]) -> set[datetime]:
    return {edge for some in lists for one in some for edge in (one.starts_at, one.ends_at)}


def _who(spans: Sequence[Span], changes: Sequence[Change], role: Role, at: datetime) -> int | None:
    """Who has the role at the instant by these spans, with these changes applied."""
    for change in changes:
        if change.role is role and change.starts_at <= at < change.ends_at:
            return change.after
    for span in spans:
        if span.role is role and span.starts_at <= at < span.ends_at:
            return span.user_id
    return None


@settings(max_examples=60)
@given(_pairs())
def test_diff_of_a_rota_with_itself_is_empty(pair: tuple[RotaSpec, RotaSpec, datetime]) -> None:
    spec, _, around = pair
    assert diff.diff(spec, spec, around, around + timedelta(days=20)) == ()


@settings(max_examples=60)
@given(_pairs())
def test_diff_applied_to_the_one_gives_the_other(pair: tuple[RotaSpec, RotaSpec, datetime]) -> None:
    one, other, around = pair
    stretch = (around - timedelta(days=3), around + timedelta(days=12))
    changes = diff.diff(one, other, *stretch)
    old, new = (final_schedule(spec, *stretch) for spec in (one, other))
    for edge in _edges(old, new, changes) - {stretch[1]}:
        for role in Role:
            assert _who(old, changes, role, edge) == _who(new, (), role, edge)


@settings(max_examples=60)
@given(_pairs())
def test_changes_of_a_role_are_in_order_and_never_touch_saying_the_same(
    pair: tuple[RotaSpec, RotaSpec, datetime],
) -> None:
    one, other, around = pair
    changes = diff.diff(one, other, around - timedelta(days=3), around + timedelta(days=12))
    for role in Role:
        mine = [change for change in changes if change.role is role]
        for first, second in pairwise(mine):
            assert first.ends_at <= second.starts_at
            same = (first.before, first.after) == (second.before, second.after)
            assert not (same and first.ends_at == second.starts_at)
