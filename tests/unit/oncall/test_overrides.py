from tests.factories.oncall_specs import at, layer_spec, override_spec, rota_spec, window

from evenfall.oncall.logic.schedule import final_schedule
from evenfall.oncall.logic.spec import OverrideKind, OverrideSpec, Role

type Row = tuple[int, str, str]

MAIN = layer_spec(1, 2)
OFFICE = layer_spec(1, windows=(window("Mon 09:00", "Mon 17:00"),))


def _monday(layer: object, *overrides: OverrideSpec) -> list[Row]:
    """Who is primary on Monday 4 January 2027, Berlin is one hour ahead of UTC."""
    spec = rota_spec(OFFICE if layer is OFFICE else MAIN, overrides=overrides)
    spans = final_schedule(spec, at("2027-01-04 08:00"), at("2027-01-05 08:00"))
    return [
        (span.user_id, f"{span.starts_at:%H:%M}", f"{span.ends_at:%H:%M}")
        for span in spans
        if span.role is Role.PRIMARY
    ]


def test_replace_takes_over_from_whoever_is_on_call() -> None:
    override = override_spec("2027-01-04 10:00", "2027-01-04 12:00", 9)
    assert _monday(MAIN, override) == [
        (1, "08:00", "10:00"),
        (9, "10:00", "12:00"),
        (1, "12:00", "08:00"),
    ]


def test_replace_covers_a_gap_too() -> None:
    override = override_spec("2027-01-04 15:00", "2027-01-04 18:00", 9)
    assert _monday(OFFICE, override) == [(1, "08:00", "15:00"), (9, "15:00", "18:00")]


def test_replace_of_a_named_person_leaves_others_alone() -> None:
    other = override_spec("2027-01-04 10:00", "2027-01-04 12:00", 9, instead_of=2)
    same = override_spec("2027-01-04 15:00", "2027-01-04 18:00", 9, instead_of=1)
    assert _monday(OFFICE, other, same) == [(1, "08:00", "15:00"), (9, "15:00", "16:00")]


def test_add_takes_only_the_time_nobody_has() -> None:
    override = override_spec("2027-01-04 15:00", "2027-01-04 18:00", 9, kind=OverrideKind.ADD)
    assert _monday(OFFICE, override) == [(1, "08:00", "16:00"), (9, "16:00", "18:00")]


def test_remove_leaves_a_gap() -> None:
    anybody = override_spec("2027-01-04 10:00", "2027-01-04 11:00", kind=OverrideKind.REMOVE)
    somebody_else = override_spec(
        "2027-01-04 12:00", "2027-01-04 13:00", kind=OverrideKind.REMOVE, instead_of=2
    )
    assert _monday(OFFICE, anybody, somebody_else) == [
        (1, "08:00", "10:00"),
        (1, "11:00", "16:00"),
    ]


def test_the_later_of_two_overrides_wins() -> None:
    first = override_spec("2027-01-04 10:00", "2027-01-04 14:00", 8)
    second = override_spec("2027-01-04 12:00", "2027-01-04 16:00", 9)
    assert [row[0] for row in _monday(MAIN, first, second)] == [1, 8, 9, 1]
    assert [row[0] for row in _monday(MAIN, second, first)] == [1, 8, 9, 1]
    assert _monday(MAIN, second, first)[1] == (8, "10:00", "14:00")


def test_overrides_elsewhere_in_time_and_role_change_nothing() -> None:
    untouched = _monday(MAIN)
    before = override_spec("2027-01-04 06:00", "2027-01-04 08:00", 9)
    after = override_spec("2027-01-05 08:00", "2027-01-05 09:00", 9)
    second = override_spec("2027-01-04 10:00", "2027-01-04 11:00", 9, role=Role.LIEUTENANT)
    assert _monday(MAIN, before, after, second) == untouched


def test_the_reason_names_times_and_note() -> None:
    override = override_spec("2027-01-04 10:00", "2027-01-04 12:00", 9, note="dentist")
    spans = final_schedule(
        rota_spec(MAIN, overrides=(override,)), at("2027-01-04 10:30"), at("2027-01-04 11:00")
    )
    times = "from Mon 2027-01-04 11:00 until Mon 2027-01-04 13:00 Europe/Berlin"
    assert [span.why for span in spans] == [f"Override {times}: takes over (dentist)."]
