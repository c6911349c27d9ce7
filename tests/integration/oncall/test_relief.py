from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace
from tests.factories.identity import NOW
from tests.factories.paging import PagedTeam, make_paged_team, make_rota, start_page

from evenfall.notifications.models import Notice
from evenfall.oncall import actions, queries
from evenfall.oncall.logic.loads import WEIGHTS
from evenfall.oncall.logic.schedule import final_schedule
from evenfall.oncall.logic.spec import RotaSpec, Span
from evenfall.oncall.models import ReliefOffer
from evenfall.platform import journal, reactions

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
NIGHT = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)


def _paged(world: PagedTeam, *times: datetime) -> None:
    for number, time in enumerate(times):
        start_page(world, f"incident:{number + 1}", now=time)
    reactions.react_now(times[-1])


def _told() -> dict[int, set[str]]:
    told: dict[int, set[str]] = {}
    for notice in Notice.objects.filter(purpose="relief"):
        told.setdefault(notice.user_id, set()).add(notice.kind)
    return told


def test_two_pages_offer_nothing() -> None:
    _paged(make_paged_team(), NOW, NOW + HOUR)
    assert not ReliefOffer.objects.exists()


def test_three_pages_in_twelve_hours_ask_the_lieutenant_at_once() -> None:
    world = make_paged_team()
    _paged(world, NOW, NOW + HOUR, NOW + 2 * HOUR)
    offer = ReliefOffer.objects.get()
    assert (offer.user_id, offer.lieutenant_id) == (world.ada.id, world.ben.id)
    assert offer.reason == "overload"
    assert _told() == {
        world.ada.id: {"email", "inbox"},
        world.ben.id: {"email", "inbox"},
    }
    assert {notice.due_at for notice in Notice.objects.filter(purpose="relief")} == {NOW + 2 * HOUR}
    kinds = [entry.kind for entry in journal.entries(subject=f"user:{world.ada.id}")]
    assert "oncall.relief_offered" in kinds


def test_a_fourth_page_does_not_ask_again() -> None:
    world = make_paged_team()
    _paged(world, NOW, NOW + HOUR, NOW + 2 * HOUR)
    start_page(world, "incident:9", now=NOW + 3 * HOUR)
    reactions.react_now(NOW + 3 * HOUR)
    assert ReliefOffer.objects.count() == 1


def test_a_broken_night_asks_a_sleeping_lieutenant_in_the_morning() -> None:
    world = make_paged_team()
    _paged(world, NIGHT)
    assert ReliefOffer.objects.get().reason == "rest"
    due = {notice.user_id: notice.due_at for notice in Notice.objects.filter(purpose="relief")}
    assert due == {world.ada.id: NIGHT, world.ben.id: NIGHT.replace(hour=7)}


def test_a_storm_at_night_works_each_schedule_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    worlds = [make_paged_team() for _ in range(3)]
    asked: list[RotaSpec] = []

    def counted(spec: RotaSpec, *window: datetime) -> Sequence[Span]:
        asked.append(spec)
        return final_schedule(spec, *window)

    monkeypatch.setattr("evenfall.oncall.logic.schedule.final_schedule", counted)
    for number, world in enumerate(worlds):
        start_page(world, f"incident:{number + 1}", now=NIGHT)
    asked.clear()  # starting a page asks who is on call
    actions.offer_relief(user_ids=[world.ada.id for world in worlds], now=NIGHT)
    assert ReliefOffer.objects.count() == len(worlds)
    assert len(asked) == 2 * len(worlds)  # who is on call now, and the hours to come


def test_the_night_is_that_of_the_team() -> None:
    """A team whose night ends at two does not call a page at two one in the night."""
    world = make_paged_team()
    weights = replace(WEIGHTS, night_starts=22 * 60, night_ends=2 * 60)
    actions.change_load_weights(
        team_id=world.team.id, weights=weights, now=NOW, actor=f"user:{world.dan.id}"
    )
    _paged(world, NIGHT)
    assert not ReliefOffer.objects.exists()


def test_a_lieutenant_is_told_when_the_night_of_the_team_is_over() -> None:
    world = make_paged_team()
    weights = replace(WEIGHTS, night_starts=20 * 60, night_ends=9 * 60)
    actions.change_load_weights(
        team_id=world.team.id, weights=weights, now=NOW, actor=f"user:{world.dan.id}"
    )
    _paged(world, NIGHT)
    due = {notice.user_id: notice.due_at for notice in Notice.objects.filter(purpose="relief")}
    assert due == {world.ada.id: NIGHT, world.ben.id: NIGHT.replace(hour=9)}


def test_without_a_lieutenant_the_person_is_told_all_the_same() -> None:
    world = make_paged_team()
    actions.delete_rota(rota_id=world.rota_id, now=NOW - HOUR, actor="system")
    make_rota(world.team, world.ada, name="Alone")
    _paged(world, NOW, NOW + HOUR, NOW + 2 * HOUR)
    assert ReliefOffer.objects.get().lieutenant_id is None
    assert set(_told()) == {world.ada.id}


def test_people_who_are_paged_without_being_on_call_are_not_relieved() -> None:
    world = make_paged_team()
    _paged(world, NOW, NOW + HOUR, NOW + 2 * HOUR)
    ReliefOffer.objects.all().delete()
    assert actions.offer_relief(user_ids=[world.dan.id], now=NOW + 2 * HOUR) == []
    assert (
        queries.team_fairness(world.team.id, weeks=4, now=NOW + 3 * HOUR).people[0].tally.pages == 3
    )
