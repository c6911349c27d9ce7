from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.factories.identity import NOW, make_team, make_user
from tests.factories.oncall import main_layer, make_override, make_rota
from tests.factories.paging import PagedTeam, make_paged_team, start_page

from evenfall.identity.models import User
from evenfall.oncall import actions, errors, queries
from evenfall.oncall.logic import pages
from evenfall.oncall.logic.loads import WEIGHTS, Weights
from evenfall.oncall.models import LoadWeights
from evenfall.oncall.ports import OverrideKind
from evenfall.paging import actions as paging_actions
from evenfall.paging import events as paging_events
from evenfall.paging.ports import Response
from evenfall.platform import journal

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(weeks=4)


def _team_of(*people: User) -> int:
    team = make_team(members=people)
    make_rota(team=team, layers=[main_layer(*people)])
    return team.id


def _acknowledge(world: PagedTeam, page_id: int, now: datetime) -> None:
    paging_actions.respond(
        page_id=page_id,
        response=Response.ACKNOWLEDGE,
        user_id=world.ada.id,
        via="web",
        now=now,
        actor=f"user:{world.ada.id}",
    )


def test_facts_of_pages_are_called_as_paging_calls_them() -> None:
    assert paging_events.PageStarted.kind == pages.STARTED
    assert paging_events.PageStepTaken.kind == pages.PEOPLE_PAGED
    assert paging_events.PageAcknowledged.kind == pages.ACKNOWLEDGED
    assert paging_events.PageResolved.kind == pages.RESOLVED
    assert paging_events.PageStopped.kind == pages.STOPPED


def test_team_fairness_counts_hours_by_class_where_people_live() -> None:
    ada = make_user("Ada", time_zone="Europe/Berlin")
    ben = make_user("Ben", time_zone="Europe/Berlin")
    found = queries.team_fairness(_team_of(ada, ben), weeks=4, now=LATER)
    by_name = {one.name: one for one in found.people}

    # from noon to noon (UTC): the first week lacks four hours, the fifth has begun five ago
    assert by_name["Ada"].tally.standby_hours == pytest.approx(164 + 168 + 5)
    assert by_name["Ben"].tally.standby_hours == pytest.approx(168 + 167)
    assert by_name["Ada"].tally.weekend_hours == 96
    assert by_name["Ben"].tally.weekend_hours == 95  # the clocks go forward on 29 March
    assert found.load.gini is None
    assert found.load.people == 2


def test_team_fairness_has_indices_from_four_people_on() -> None:
    people = [make_user(name) for name in ("Ada", "Ben", "Cem", "Dan")]
    found = queries.team_fairness(_team_of(*people), weeks=4, now=LATER)
    assert found.load.people == 4
    assert found.load.gini == pytest.approx(0, abs=0.02)
    assert found.chance == 0


def test_holidays_are_those_of_the_own_region() -> None:
    ada, ben = make_user("Ada"), make_user("Ben")
    team_id = _team_of(ada, ben)
    for user, country in ((ada, "SE"), (ben, "GB")):
        actions.change_work_profile(
            user_id=user.id, country=country, region="", percent=100, now=NOW, actor="system"
        )
    # 6 April 2026 is Easter Monday; Ada has the week of 30 March with Good Friday
    found = queries.team_fairness(team_id, weeks=12, now=NOW + timedelta(weeks=8))
    hours = {one.name: one.tally.holiday_hours for one in found.people}
    assert hours["Ada"] > 24
    assert hours["Ben"] < hours["Ada"]


def test_part_time_and_absence_lower_the_share() -> None:
    ada, ben = make_user("Ada"), make_user("Ben")
    team_id = _team_of(ada, ben)
    actions.change_work_profile(
        user_id=ada.id, country="", region="", percent=50, now=NOW, actor="system"
    )
    found = queries.team_fairness(team_id, weeks=4, now=LATER)
    by_name = {one.name: one for one in found.people}
    assert by_name["Ada"].share == pytest.approx(0.5)
    assert by_name["Ben"].share == pytest.approx(1)
    assert by_name["Ada"].rate == pytest.approx(by_name["Ada"].load * 2)


def test_pages_are_counted_by_person_with_sleep_and_work() -> None:
    world = make_paged_team()
    night = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
    first = start_page(world, "incident:1", now=night)
    _acknowledge(world, first.id, night + timedelta(minutes=2))
    paging_actions.stop_pages(
        subjects=["incident:1"],
        reason="resolved",
        now=night + timedelta(minutes=32),
        actor="system",
    )
    start_page(world, "incident:2", now=night + timedelta(minutes=40))
    start_page(world, "incident:3", now=night + timedelta(hours=12))

    found = queries.team_fairness(world.team.id, weeks=4, now=night + timedelta(days=2))
    ada = next(one for one in found.people if one.user_id == world.ada.id)
    assert (ada.tally.pages, ada.tally.night_pages, ada.tally.wake_ups) == (3, 2, 1)
    assert ada.tally.active_minutes == pytest.approx(30)


def test_swaps_count_for_who_gave_and_who_took() -> None:
    ada, ben = make_user("Ada"), make_user("Ben")
    team = make_team(members=[ada, ben])
    rota_id = make_rota(team=team, layers=[main_layer(ada, ben)])
    actions.add_override(
        rota_id=rota_id,
        kind=OverrideKind.REPLACE,
        user_id=ben.id,
        instead_of_id=ada.id,
        starts_at=NOW,
        ends_at=NOW + timedelta(hours=5),
        now=NOW,
        actor="system",
    )
    found = queries.team_fairness(team.id, weeks=4, now=LATER)
    swaps = {one.name: (one.tally.swaps_given, one.tally.swaps_taken) for one in found.people}
    assert swaps == {"Ada": (1, 0), "Ben": (0, 1)}


def test_helpers_without_a_place_are_in_the_table_and_in_no_index() -> None:
    ada, ben, eve = (make_user(name) for name in ("Ada", "Ben", "Eve"))
    team = make_team(members=[ada, ben])
    rota_id = make_rota(team=team, layers=[main_layer(ada, ben)])
    make_override(rota_id, eve, hours=24)
    found = queries.team_fairness(team.id, weeks=4, now=LATER)
    helper = next(one for one in found.people if one.name == "Eve")
    assert (helper.tally.standby_hours, helper.rate) == (24, None)
    assert found.load.people == 2


def test_team_fairness_asks_the_same_for_one_and_for_three_people(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for names in (("Ada",), ("Ben", "Cem", "Dan")):
        team_id = _team_of(*(make_user(name) for name in names))
        with django_assert_num_queries(11):
            queries.team_fairness(team_id, weeks=4, now=LATER)


def test_a_window_of_another_length_is_refused() -> None:
    with pytest.raises(errors.WindowUnknown):
        queries.team_fairness(make_team().id, weeks=5, now=LATER)


def test_person_weeks_add_up_to_the_window() -> None:
    ada, ben = make_user("Ada"), make_user("Ben")
    team_id = _team_of(ada, ben)
    whole = queries.team_fairness(team_id, weeks=4, now=LATER)
    expected = next(one.load for one in whole.people if one.user_id == ada.id)
    found = queries.person_weeks(ada.id, weeks=4, now=LATER, weights=WEIGHTS)
    assert len(found) == 4
    assert sum(week.parts.total for week in found) == pytest.approx(expected)


def test_changed_weights_are_kept_as_versions_and_audited() -> None:
    team = make_team()
    assert queries.load_weights(team.id).since is None
    for page in (5.0, 7.0, 7.0):
        actions.change_load_weights(
            team_id=team.id, weights=Weights(page=page), now=NOW, actor="user:1"
        )
    assert LoadWeights.objects.filter(team=team).count() == 2
    assert queries.load_weights(team.id).weights.page == 7
    told = journal.entries(subject=f"team:{team.id}")
    assert [entry.data["before"]["page"] for entry in told] == [20, 5]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"page": -1}, errors.WeightsOutOfRange),
        ({"page": float("nan")}, errors.WeightsOutOfRange),
        ({"night_hour": 1e9}, errors.WeightsOutOfRange),
        ({"night_starts": 420}, errors.NightEmpty),
        ({"night_starts": 2000}, errors.NightEmpty),
    ],
)
def test_wrong_weights_are_refused(changes: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        actions.change_load_weights(
            team_id=make_team().id, weights=Weights(**changes), now=NOW, actor="system"
        )


@pytest.mark.parametrize(
    ("country", "region", "percent", "error"),
    [
        ("ZZ", "", 100, errors.RegionUnknown),
        ("DE", "XX", 100, errors.RegionUnknown),
        ("", "BY", 100, errors.RegionUnknown),
        ("DE", "BY", 101, errors.PercentOutOfRange),
    ],
)
def test_wrong_work_profiles_are_refused(
    country: str, region: str, percent: int, error: type[Exception]
) -> None:
    with pytest.raises(error):
        actions.change_work_profile(
            user_id=make_user().id,
            country=country,
            region=region,
            percent=percent,
            now=NOW,
            actor="system",
        )
