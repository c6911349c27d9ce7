from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from tests.factories.identity import NOW, make_team, make_user
from tests.factories.oncall import main_layer, make_override, make_rota
from tests.factories.oncall_specs import slots, window

from evenfall.oncall import actions, errors, events, queries
from evenfall.oncall.ports import (
    LayerSpec,
    LieutenantKind,
    LieutenantRule,
    MemberSlot,
    OverrideKind,
    Role,
    WeeklyWindow,
)
from evenfall.platform import journal
from evenfall.platform.errors import DomainError

pytestmark = pytest.mark.django_db
NEXT_MONDAY = datetime(2026, 3, 9, 8, tzinfo=UTC)


def _primaries(rota_id: int, weeks: int = 4) -> list[int]:
    """Who is primary by shift, from NOW on."""
    spans = queries.final_schedule(rota_id, starts_at=NOW, ends_at=NOW + timedelta(weeks=weeks))
    return [span.user_id for span in spans if span.role == "primary"]


def _facts(rota_id: int) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    entries = journal.entries(subject=f"rota:{rota_id}")
    return [(entry.kind, entry.data["before"], entry.data["after"]) for entry in entries]


def test_create_rota_puts_the_first_person_on_call_from_now() -> None:
    ada, ben = make_user("Ada"), make_user("Ben")
    rota_id = make_rota(ada, ben)
    spans = queries.final_schedule(
        rota_id, starts_at=NOW - timedelta(days=7), ends_at=NOW + timedelta(days=8)
    )
    assert [(span.user_id, span.starts_at) for span in spans] == [
        (ada.id, NOW),
        (ben.id, NEXT_MONDAY),
    ]


def test_create_rota_tells_what_it_made() -> None:
    ada = make_user("Ada")
    rota_id = make_rota(ada, name="  Pay   ments ")
    ((kind, before, after),) = _facts(rota_id)
    assert (kind, before, after["name"]) == (events.RotaCreated.kind, {}, "Pay ments")
    assert after["plan"]["layers"][0]["members"] == [
        {"user_id": ada.id, "joins_on": None, "leaves_on": None}
    ]


def test_create_rota_refuses_what_makes_no_sense() -> None:
    team, gone = make_team(), make_user("Gone", is_active=False)
    good: dict[str, Any] = {
        "team_id": team.id,
        "name": "Payments",
        "zone": "Europe/Berlin",
        "layers": [main_layer(make_user())],
        "lieutenant": LieutenantRule(),
        "now": NOW,
        "actor": "system",
    }
    layer: LayerSpec = good["layers"][0]
    twisted = MemberSlot(user_id=None, joins_on=NOW.date(), leaves_on=NOW.date())
    cases: list[tuple[type[DomainError], dict[str, Any]]] = [
        (errors.NameMissing, {"name": "  "}),
        (errors.NameMissing, {"layers": [replace(layer, name="")]}),
        (errors.ZoneUnknown, {"zone": "../etc/passwd"}),
        (errors.LayerMissing, {"layers": []}),
        (errors.LayerMissing, {"lieutenant": LieutenantRule(kind=LieutenantKind.OWN_SEQUENCE)}),
        (
            errors.LieutenantPersonMissing,
            {"lieutenant": LieutenantRule(kind=LieutenantKind.PERSON)},
        ),
        (errors.MembersMissing, {"layers": [main_layer()]}),
        (errors.MemberUnknown, {"layers": [main_layer(gone)]}),
        (errors.MemberUnknown, {"layers": [replace(layer, members=slots(987_654))]}),
        (errors.MemberDates, {"layers": [replace(layer, members=(twisted,))]}),
        (errors.ShiftLength, {"layers": [main_layer(None, hours=())]}),
        (errors.ShiftLength, {"layers": [main_layer(None, hours=(24, 0))]}),
        (errors.WindowOutOfWeek, {"coverage": [WeeklyWindow(starts=0, ends=10_080)]}),
        (
            errors.WindowOutOfWeek,
            {"layers": [main_layer(None, windows=(WeeklyWindow(starts=-1, ends=5),))]},
        ),
    ]
    for error, change in cases:
        with pytest.raises(error):
            actions.create_rota(**{**good, **change})
    make_rota(make_user(), team=team, name="payments")
    with pytest.raises(errors.RotaNameTaken):
        actions.create_rota(**good)


def test_change_rota_keeps_who_is_on_call() -> None:
    ada, ben = make_user("Ada"), make_user("Ben")
    rota_id = make_rota(ada, ben)
    before = _primaries(rota_id)
    office = (window("Mon 08:00", "Fri 18:00"),)
    change: dict[str, Any] = {
        "rota_id": rota_id,
        "name": "Pay",
        "zone": "Asia/Tokyo",
        "coverage": office,
        "description": "Cards",
        "actor": "user:1",
        "now": NOW,
    }
    actions.change_rota(**change)
    changed = queries.rota(rota_id)
    assert (changed.name, changed.time_zone, changed.description) == ("Pay", "Asia/Tokyo", "Cards")
    assert _primaries(rota_id) == before
    kind, old, new = _facts(rota_id)[-1]
    assert (kind, set(journal.changed_fields(old, new))) == (
        events.RotaChanged.kind,
        {"name", "description", "time_zone", "coverage"},
    )
    actions.change_rota(**change)
    assert len(_facts(rota_id)) == 2


def test_replan_rota_leaves_what_was_and_drops_plans_for_later() -> None:
    ada, ben, cyd = make_user("Ada"), make_user("Ben"), make_user("Cyd")
    rota_id = make_rota(ada, ben)

    def replan(layer: LayerSpec) -> None:
        actions.replan_rota(
            rota_id=rota_id, layers=[layer], lieutenant=LieutenantRule(), now=NOW, actor="system"
        )

    replan(main_layer(ada, starts_at="2026-03-23 09:00"))
    replan(main_layer(cyd, starts_at="2026-03-16 09:00"))
    assert _primaries(rota_id, weeks=3) == [ada.id, ben.id, cyd.id, cyd.id]
    replan(main_layer(ben, hours=(24,)))
    assert _primaries(rota_id, weeks=1) == [ben.id] * 8
    assert queries.on_call_at([rota_id], at=NOW - timedelta(minutes=1))[rota_id].primary is None


def test_set_members_goes_on_with_the_turns() -> None:
    ada, ben, cyd = make_user("Ada"), make_user("Ben"), make_user("Cyd")
    rota_id = make_rota(ada, ben)
    layer_id = queries.rota(rota_id).plan.layers[0].id

    def set_members(*people: int | None, day: date) -> None:
        actions.set_members(
            rota_id=rota_id,
            layer_id=layer_id,
            user_ids=people,
            from_day=day,
            now=NOW,
            actor="system",
        )

    set_members(ada.id, cyd.id, ben.id, None, day=date(2026, 3, 3))
    assert _primaries(rota_id) == [ada.id, cyd.id, ben.id, ada.id]
    with pytest.raises(errors.MembersFromPast):
        set_members(ada.id, day=date(2026, 3, 2))
    with pytest.raises(errors.MembersMissing):
        set_members(day=date(2026, 3, 3))
    with pytest.raises(errors.LayerNotFound):
        layer_id += 1
        set_members(ada.id, day=date(2026, 3, 3))
    assert [kind for kind, _, _ in _facts(rota_id)] == [
        events.RotaCreated.kind,
        events.RotaChanged.kind,
    ]


def test_delete_rota_ends_it_and_keeps_its_past() -> None:
    ada, ben = make_user("Ada"), make_user("Ben")
    rota_id = make_rota(ada)
    make_override(rota_id, ben, hours=90)
    later = NOW + timedelta(hours=10)
    actions.delete_rota(rota_id=rota_id, now=later, actor="system")
    spans = queries.final_schedule(rota_id, starts_at=NOW, ends_at=NOW + timedelta(weeks=9))
    assert [(span.user_id, span.ends_at) for span in spans] == [(ben.id, later)]
    assert queries.on_call_at([rota_id], at=later)[rota_id].primary is None
    assert _facts(rota_id)[-1][0] == events.RotaDeleted.kind
    with pytest.raises(errors.RotaNotFound):
        actions.delete_rota(rota_id=rota_id, now=later, actor="system")
    with pytest.raises(errors.RotaNotFound):
        make_override(rota_id, ben, starts_at=later)


def test_add_override_counts_from_now_at_the_earliest() -> None:
    ada, ben = make_user("Ada"), make_user("Ben")
    rota_id = make_rota(ada)
    override_id = make_override(rota_id, ben, starts_at=NOW - timedelta(hours=2), note=" a  b ")
    added = queries.override(rota_id, override_id)
    assert (added.starts_at, added.ends_at) == (NOW, NOW + timedelta(hours=2))
    assert (added.user_id, added.note, added.created_by) == (ben.id, "a b", "system")
    (kind, _, after), (passed, *_) = _facts(rota_id)[-2:]
    assert (kind, after["user_id"]) == (events.OverrideAdded.kind, ben.id)
    assert passed == events.DutyPassed.kind


def test_an_override_passes_the_duty_only_where_somebody_else_is_primary_from_now_on() -> None:
    ada, ben = make_user("Ada"), make_user("Ben")
    rota_id = make_rota(ada)
    make_override(rota_id, ben, starts_at=NOW + timedelta(hours=1))
    make_override(rota_id, ben, role=Role.LIEUTENANT)
    assert events.DutyPassed.kind not in {kind for kind, *_ in _facts(rota_id)}


def test_add_override_refuses_what_makes_no_sense() -> None:
    ada, ben = make_user("Ada"), make_user("Ben")
    good: dict[str, Any] = {
        "rota_id": make_rota(ada),
        "kind": OverrideKind.REPLACE,
        "user_id": ben.id,
        "starts_at": NOW,
        "ends_at": NOW + timedelta(hours=1),
        "now": NOW,
        "actor": "system",
    }
    hour = timedelta(hours=1)
    cases: list[tuple[type[DomainError], dict[str, Any]]] = [
        (errors.OverrideEmpty, {"starts_at": NOW + hour}),
        (errors.OverrideInPast, {"starts_at": NOW - 3 * hour, "ends_at": NOW - hour}),
        (errors.OverrideTooLong, {"ends_at": NOW + timedelta(days=93)}),
        (errors.OverridePerson, {"user_id": None}),
        (errors.OverridePerson, {"kind": OverrideKind.REMOVE}),
        (errors.OverridePerson, {"kind": OverrideKind.ADD, "instead_of_id": ada.id}),
        (errors.MemberUnknown, {"user_id": 987_654}),
        (errors.RotaNotFound, {"rota_id": 987_654}),
    ]
    for error, change in cases:
        with pytest.raises(error):
            actions.add_override(**{**good, **change})


def test_cancel_override_ends_it_now() -> None:
    ada, ben = make_user("Ada"), make_user("Ben")
    rota_id = make_rota(ada)
    running = make_override(rota_id, ben)
    coming = make_override(rota_id, ben, starts_at=NOW + timedelta(days=1))
    soon = NOW + timedelta(hours=1)
    for override_id in (running, coming):
        actions.cancel_override(rota_id=rota_id, override_id=override_id, now=soon, actor="user:1")
    spans = queries.final_schedule(rota_id, starts_at=NOW, ends_at=NOW + timedelta(days=3))
    assert [(span.user_id, span.starts_at) for span in spans] == [(ben.id, NOW), (ada.id, soon)]
    kind, before, after = _facts(rota_id)[-1]
    assert kind == events.OverrideCancelled.kind
    assert (before["cancelled_at"], after["cancelled_at"]) == (None, soon.isoformat()[:19] + "Z")
    with pytest.raises(errors.OverrideCancelled):
        actions.cancel_override(rota_id=rota_id, override_id=running, now=soon, actor="user:1")


def test_cancel_override_cannot_change_what_was() -> None:
    rota_id = make_rota(make_user())
    override_id = make_override(rota_id, make_user())
    with pytest.raises(errors.OverrideOver):
        actions.cancel_override(
            rota_id=rota_id, override_id=override_id, now=NOW + timedelta(days=1), actor="system"
        )
    with pytest.raises(errors.OverrideNotFound):
        actions.cancel_override(
            rota_id=rota_id, override_id=override_id + 1, now=NOW, actor="system"
        )
