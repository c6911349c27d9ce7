"""Starting pages: the first step in the same transaction, whatever the number of requests."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from msgspec.structs import replace
from tests.factories.identity import NOW
from tests.factories.notifications import make_contact_method
from tests.factories.paging import (
    PagedTeam,
    leave_primary_empty,
    make_paged_team,
    make_person,
    make_policy,
    page_request,
    start_page,
    user_step,
)

from evenfall.notifications import queries as notifications_queries
from evenfall.paging import actions, errors, queries
from evenfall.paging.logic.words import Urgency
from evenfall.paging.models import Digest, Page, Participation, Policy, PolicyVersion
from evenfall.platform import journal

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> PagedTeam:
    return make_paged_team()


def people_of(page: Page) -> list[int]:
    return list(page.participations.order_by("id").values_list("user_id", flat=True))


def test_start_pages_notifies_the_person_on_call_at_once(world: PagedTeam) -> None:
    page = start_page(world)
    assert people_of(page) == [world.ada.id]
    assert page.due_at == NOW + timedelta(minutes=5)
    notices = notifications_queries.notices_for(f"page:{page.id}")
    due = [(n.kind, (n.due_at - NOW).total_seconds() / 60, n.user_id) for n in notices]
    assert due == [
        ("inbox", 0, world.ada.id),
        ("email", 0, world.ada.id),
        ("email", 2, world.ada.id),
        ("email", 5, world.ada.id),
    ]
    assert notices[0].title == "CRITICAL Checkout: Error rate above 5 %"
    assert [action.name for action in notices[0].actions][:2] == ["acknowledge", "on_it"]


def test_start_pages_publishes_start_and_step(world: PagedTeam) -> None:
    page = start_page(world)
    kinds = [entry.kind for entry in journal.entries(subject="incident:17")]
    assert kinds == ["paging.page_started", "paging.page_step_taken"]
    assert page.policy_version.policy.is_default


def test_start_pages_again_returns_the_open_page(world: PagedTeam) -> None:
    first = start_page(world)
    assert start_page(world, now=NOW + timedelta(minutes=1)).id == first.id
    assert Participation.objects.count() == 1


def test_start_pages_after_the_end_makes_a_new_page(world: PagedTeam) -> None:
    first = start_page(world)
    actions.stop_pages(subjects=["incident:17"], reason="resolved", now=NOW, actor="system")
    assert start_page(world).id != first.id


def test_start_pages_of_nothing_does_nothing() -> None:
    assert actions.start_pages(requests=[], now=NOW, actor="system") == {}


def test_policy_of_the_service_wins_over_that_of_its_team(world: PagedTeam) -> None:
    cleo = make_person("Cleo")
    of_team, of_service = make_policy(user_step(world.dan)), make_policy(user_step(cleo))
    actions.assign_policy(policy_id=of_team, team_id=world.team.id, now=NOW, actor="system")
    assert people_of(start_page(world, "incident:1")) == [world.dan.id]
    actions.assign_policy(
        policy_id=of_service, service_id=world.service.id, now=NOW, actor="system"
    )
    assert people_of(start_page(world, "incident:2")) == [cleo.id]
    actions.assign_policy(policy_id=None, service_id=world.service.id, now=NOW, actor="system")
    assert people_of(start_page(world, "incident:3")) == [world.dan.id]


def test_the_team_of_the_service_is_not_read_where_it_is_told(world: PagedTeam) -> None:
    policy_id = make_policy(user_step(world.dan))
    actions.assign_policy(policy_id=policy_id, team_id=world.team.id, now=NOW, actor="system")
    request = replace(page_request(world), service_team_id=world.team.id)
    with CaptureQueriesContext(connection) as captured:
        ids = actions.start_pages(requests=[request], now=NOW, actor="system")
    page = Page.objects.get(id=ids["incident:17"])
    assert (page.team_id, people_of(page)) == (world.team.id, [world.dan.id])
    assert not [query for query in captured.captured_queries if "catalog_service" in query["sql"]]


def test_policy_that_was_asked_for_wins_even_when_archived(world: PagedTeam) -> None:
    policy_id = make_policy(user_step(world.dan))
    actions.archive_policy(policy_id=policy_id, now=NOW, actor="system")
    request = page_request(world, policy_id=policy_id)
    ids = actions.start_pages(requests=[request], now=NOW, actor="system")
    assert people_of(Page.objects.get(id=ids["incident:17"])) == [world.dan.id]


def test_lost_default_policy_is_made_again(world: PagedTeam) -> None:
    PolicyVersion.objects.all().delete()
    Policy.objects.all().delete()
    assert people_of(start_page(world)) == [world.ada.id]


def test_rota_gap_goes_on_to_the_next_step_and_says_so(world: PagedTeam) -> None:
    leave_primary_empty(world)
    page = start_page(world)
    assert people_of(page) == [world.ben.id]
    facts = journal.entries(subject=f"page:{page.id}")
    nobody = [fact.data for fact in facts if fact.kind == "paging.page_nobody_found"]
    assert [one["reason"] for one in nobody[0]["missing"]] == ["rota_gap"]


def test_person_without_a_method_gets_an_inbox_notice_and_the_next_one_is_paged() -> None:
    world = make_paged_team(kinds=())
    make_contact_method(world.dan)
    page = start_page(world)
    notified = page.participations.order_by("id").values_list("user_id", "is_reachable")
    assert list(notified) == [
        (world.ada.id, False),
        (world.ben.id, False),
        (world.dan.id, True),
    ]
    notices = notifications_queries.notices_for(f"page:{page.id}")
    assert {(n.user_id, n.kind) for n in notices} == {
        (world.ada.id, "inbox"),
        (world.ben.id, "inbox"),
        (world.dan.id, "inbox"),
        (world.dan.id, "email"),
    }


def test_newcomer_without_any_method_still_has_a_due_time() -> None:
    world = make_paged_team(kinds=())
    page = start_page(world)
    assert page.due_at == NOW + timedelta(minutes=15)
    assert world.eve.id in people_of(page)
    notices = notifications_queries.notices_for(f"page:{page.id}")
    on_call = [notice.lines for notice in notices if notice.user_id == world.ada.id]
    assert len(on_call) == 1
    assert on_call[0][-2].startswith("You get this because: on call in Weekly")
    assert "Only your inbox has this" in on_call[0][-1]
    story = queries.page_story(page.id)
    assert story[1].words == "Round 1, step 1: Told only the inbox; went on at once"
    assert story[1].details[0].startswith("Ada, on call in Weekly")


def test_low_urgency_is_mailed_in_working_hours(world: PagedTeam) -> None:
    night = NOW.replace(hour=3)
    request = page_request(world, urgency=Urgency.LOW)
    ids = actions.start_pages(requests=[request], now=night, actor="system")
    notices = notifications_queries.notices_for(f"page:{ids['incident:17']}")
    assert [(n.kind, n.due_at.hour) for n in notices] == [("inbox", 3), ("email", 9)]


def test_storm_lists_the_sixth_page_and_later_ones_in_a_digest(world: PagedTeam) -> None:
    requests = [page_request(world, f"incident:{n}", title=f"Problem {n}") for n in range(8)]
    actions.start_pages(requests=requests, now=NOW, actor="system")
    digest = Digest.objects.get()
    assert digest.pages.count() == 3
    notices = notifications_queries.notices_for(f"digest:{digest.id}")
    assert [n.kind for n in notices] == ["inbox", "email", "email", "email"]
    assert notices[0].title == "3 more pages for you"
    assert sum("Problem" in line for line in notices[0].lines) == 3


def test_storm_in_later_batches_joins_the_digest_that_waits(world: PagedTeam) -> None:
    for batch in range(4):
        requests = [page_request(world, f"incident:{batch}-{n}") for n in range(5)]
        at = NOW + timedelta(seconds=batch)
        actions.start_pages(requests=requests, now=at, actor="system")
    first, second = Digest.objects.order_by("id")
    assert (first.starts_at, first.pages.count()) == (NOW + timedelta(seconds=1), 5)
    assert (second.starts_at, second.pages.count()) == (NOW + timedelta(seconds=61), 10)
    planned = [
        n for n in notifications_queries.notices_for(f"digest:{second.id}") if n.state == "planned"
    ]
    assert {n.title for n in planned} == {"10 more pages for you"}


def test_start_pages_needs_the_same_queries_for_one_and_for_fifty(world: PagedTeam) -> None:
    def queries_for(count: int) -> int:
        requests = [page_request(world, f"incident:{count}-{n}") for n in range(count)]
        with CaptureQueriesContext(connection) as captured:
            actions.start_pages(requests=requests, now=at(count), actor="system")
        return len(captured)

    def at(count: int) -> datetime:
        return NOW + timedelta(hours=count)

    # six pages already make a digest: from there on nothing is added
    assert queries_for(6) == queries_for(50)
    assert queries_for(1) == queries_for(4)


def test_page_by_hand_calls_the_person_first(world: PagedTeam) -> None:
    page_id = actions.page_by_hand(
        message="Please join the call", user_id=world.dan.id, now=NOW, actor="user:1"
    )
    page = Page.objects.get(id=page_id)
    assert people_of(page) == [world.dan.id]
    assert page.team_id == world.team.id
    assert page.started_by == "user:1"


def test_page_by_hand_needs_somebody_to_page() -> None:
    with pytest.raises(errors.NobodyToPage):
        actions.page_by_hand(message="Help", now=NOW, actor="user:1")
