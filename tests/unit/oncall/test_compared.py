from msgspec.structs import replace
from tests.factories.oncall_specs import layer_spec, override_spec, rota_spec

from evenfall.oncall.logic import compared, diff
from evenfall.oncall.logic.picture import Week
from evenfall.oncall.logic.spec import LieutenantKind, LieutenantRule, OverrideSpec, RotaSpec

ADA, BEN, CAT = 1, 2, 3
NAMES = {ADA: "Ada", BEN: "Ben", CAT: "Cat"}
PLAN = rota_spec(layer_spec(ADA, BEN))


def _weeks(spec: RotaSpec, *overrides: OverrideSpec, most: int = 6) -> tuple[Week, ...]:
    after = replace(spec, overrides=overrides)
    changes = diff.effect(spec, *overrides)
    return compared.weeks(spec, after, changes, NAMES, most=most)


def _labels(week: Week) -> list[str]:
    return [row.label for row in week.rows]


def test_a_week_shows_who_is_on_call_now_and_then() -> None:
    (week,) = _weeks(PLAN, override_spec("2027-01-05 10:00", "2027-01-05 12:00", CAT))
    assert _labels(week) == ["On call now", "On call then"]
    now, then = week.rows
    assert [bar.name for bar in now.bars] == ["Nobody", "Ada"]  # before the first shift nobody is
    assert "Cat" in [bar.name for bar in then.bars]
    assert week.now is None


def test_only_weeks_that_change_are_drawn_each_once() -> None:
    weeks = _weeks(
        PLAN,
        override_spec("2027-01-05 10:00", "2027-01-05 12:00", CAT),
        override_spec("2027-01-06 10:00", "2027-01-06 12:00", CAT),
        override_spec("2027-01-19 10:00", "2027-01-19 12:00", CAT),
    )
    assert [week.days[0].label for week in weeks] == ["Mon 4", "Mon 18"]


def test_a_long_change_is_drawn_week_by_week_up_to_the_most() -> None:
    long = override_spec("2027-01-05 10:00", "2027-03-05 10:00", CAT)
    assert len(_weeks(PLAN, long)) == 6
    assert len(_weeks(PLAN, long, most=2)) == 2


def test_lieutenants_have_rows_where_they_change() -> None:
    rule = LieutenantRule(kind=LieutenantKind.NEXT)
    spec = rota_spec(layer_spec(ADA, BEN, CAT), lieutenant=rule)
    (week,) = _weeks(spec, override_spec("2027-01-05 10:00", "2027-01-05 12:00", BEN))
    assert _labels(week) == ["On call now", "On call then", "Lieutenant now", "Lieutenant then"]


def test_a_rota_without_anybody_before_has_an_empty_row() -> None:
    (week,) = _weeks(
        rota_spec(layer_spec(None)), override_spec("2027-01-05 10:00", "2027-01-05 12:00", CAT)
    )
    assert _labels(week) == ["On call now", "On call then"]
