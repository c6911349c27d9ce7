from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.factories.identity import NOW, make_team, make_user
from tests.factories.oncall import main_layer, make_override, make_rota

from evenfall.oncall import actions, errors, queries
from evenfall.oncall.ports import LieutenantKind, LieutenantRule, OnCall, Role, Span

pytestmark = pytest.mark.django_db
NEXT_MONDAY = datetime(2026, 3, 9, 8, tzinfo=UTC)


@pytest.mark.parametrize("count", [1, 3])
def test_on_call_at_asks_once_for_any_number_of_rotas(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    people = [make_user(f"Person {number}") for number in range(count)]
    rota_ids = [make_rota(person) for person in people]
    with django_assert_num_queries(1):
        found = queries.on_call_at(rota_ids, at=NOW)
    primaries = [found[rota_id].primary for rota_id in rota_ids]
    assert [duty.user_id for duty in primaries if duty] == [person.id for person in people]


def test_on_call_at_gives_primary_lieutenant_and_next() -> None:
    ada, ben, cyd = make_user("Ada"), make_user("Ben"), make_user("Cyd")
    rota_id = make_rota(ada, ben, cyd, lieutenant=LieutenantRule(kind=LieutenantKind.PREVIOUS))
    label = "layer Main, shift from Mon 2026-03-02 09:00 Europe/Berlin"
    following = "Turn in layer Main, shift from Mon 2026-03-09 09:00 Europe/Berlin."
    why = f"Lieutenant, because previous in the order of {label}."
    assert queries.on_call_at([rota_id], at=NOW)[rota_id] == OnCall(
        primary=Span(ada.id, Role.PRIMARY, NOW, NEXT_MONDAY, f"Turn in {label}."),
        lieutenant=Span(cyd.id, Role.LIEUTENANT, NOW, NEXT_MONDAY, why),
        next_primary=Span(
            ben.id, Role.PRIMARY, NEXT_MONDAY, NEXT_MONDAY + timedelta(weeks=1), following
        ),
    )


def test_on_call_at_sees_that_an_override_cut_the_duty() -> None:
    ada, ben = make_user("Ada"), make_user("Ben")
    rota_id = make_rota(ada)
    make_override(rota_id, ben, hours=3)
    now = NOW + timedelta(days=3)
    primary = queries.on_call_at([rota_id], at=now)[rota_id].primary
    assert primary is not None
    assert (primary.user_id, primary.starts_at) == (ada.id, NOW + timedelta(hours=3))


def test_on_call_at_knows_nobody_of_unknown_rotas() -> None:
    nobody = OnCall(None, None, None, "There is no such rota.")
    assert queries.on_call_at([987_654], at=NOW) == {987_654: nobody}
    assert queries.on_call_at([], at=NOW) == {}


def test_final_schedule_and_gaps_refuse_unknown_rotas_and_endless_stretches() -> None:
    day = timedelta(days=1)
    for question in (queries.final_schedule, queries.gaps):
        with pytest.raises(errors.RotaNotFound):
            question(987_654, starts_at=NOW, ends_at=NOW + day)
        for length in (day * 0, -day, day * 401):
            with pytest.raises(errors.StretchTooLong):
                question(1, starts_at=NOW, ends_at=NOW + length)


def test_gaps_are_those_of_empty_places() -> None:
    rota_id = make_rota(make_user(), None)
    (gap,) = queries.gaps(rota_id, starts_at=NOW, ends_at=NOW + timedelta(weeks=2))
    assert (gap.starts_at, gap.ends_at) == (NEXT_MONDAY, NEXT_MONDAY + timedelta(weeks=1))
    assert gap.why.startswith("Empty place")


def test_own_sequence_and_layers_come_back_as_they_were_saved() -> None:
    ada, ben, cyd, dan = (make_user(name) for name in ("Ada", "Ben", "Cyd", "Dan"))
    rule = LieutenantRule(
        kind=LieutenantKind.OWN_SEQUENCE, layers=(main_layer(dan, name="Seconds"),)
    )
    layers = [main_layer(ada, ben), main_layer(cyd, name="Days", hours=(96, 72))]
    rota_id = make_rota(layers=layers, lieutenant=rule)
    now = queries.on_call_at([rota_id], at=NOW)[rota_id]
    assert (now.primary and now.primary.user_id, now.lieutenant and now.lieutenant.user_id) == (
        cyd.id,
        dan.id,
    )
    shown = [(layer.role, layer.name) for layer in queries.rota(rota_id).plan.layers]
    assert shown == [("lieutenant", "Seconds"), ("primary", "Main"), ("primary", "Days")]


def test_rotas_are_listed_by_name_and_team(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    team = make_team()
    for name in ("Web", "Cards", "Old"):
        make_rota(make_user(), name=name, team=team)
    other = make_rota(make_user(), name="Alone")
    old = next(rota.id for rota in queries.rotas() if rota.name == "Old")
    actions.delete_rota(rota_id=old, now=NOW, actor="system")
    with django_assert_num_queries(1):
        assert [rota.name for rota in queries.rotas()] == ["Alone", "Cards", "Web"]
    assert [rota.name for rota in queries.rotas([other])] == ["Alone"]
    assert [rota.name for rota in queries.rotas_of_team(team.id)] == ["Cards", "Web"]
    page, following = queries.rotas_page(cursor=None)
    assert ([rota.name for rota in page], following) == (["Alone", "Cards", "Web"], None)
    with pytest.raises(errors.RotaNotFound):
        queries.rota(old)


def test_coming_overrides_are_those_that_run_or_will() -> None:
    rota_id, ben = make_rota(make_user()), make_user("Ben")
    past = make_override(rota_id, ben, hours=1)
    later = make_override(rota_id, ben, starts_at=NOW + timedelta(days=2))
    sooner = make_override(rota_id, ben, starts_at=NOW + timedelta(days=1))
    gone = make_override(rota_id, ben, starts_at=NOW + timedelta(days=3))
    now = NOW + timedelta(hours=1)
    actions.cancel_override(rota_id=rota_id, override_id=gone, now=now, actor="system")
    shown = [override.id for override in queries.coming_overrides(rota_id, now=now)]
    assert shown == [sooner, later]
    assert queries.override(rota_id, past).id == past


def test_whoever_really_had_the_last_week_rests_in_a_window_that_begins_after_it() -> None:
    """The override that says so is over before the window, and counts all the same."""
    ada, ben, cyd = make_user("Ada"), make_user("Ben"), make_user("Cyd")
    rule = LieutenantRule(kind=LieutenantKind.NEXT, spares_previous=True)
    rota_id = make_rota(ada, ben, cyd, lieutenant=rule)
    low = NEXT_MONDAY + timedelta(days=1)
    stretch = {"starts_at": low, "ends_at": low + timedelta(hours=1)}

    def lieutenant() -> int:
        return queries.final_schedule(rota_id, **stretch)[-1].user_id

    assert lieutenant() == cyd.id
    make_override(rota_id, cyd, starts_at=NOW, hours=24 * 6)
    assert lieutenant() == ada.id
    found = queries.on_call_at([rota_id], at=low)[rota_id].lieutenant
    assert found is not None
    assert found.user_id == ada.id
