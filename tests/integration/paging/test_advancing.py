"""Due pages move on, in one pass, and never twice."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import override

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from tests.factories.identity import NOW
from tests.factories.paging import PagedTeam, make_paged_team, page_request, start_page

from evenfall.notifications import queries as notifications_queries
from evenfall.paging import actions, drains, queries
from evenfall.paging.logic.words import Response, Status
from evenfall.paging.models import Page, Policy, PolicyVersion
from evenfall.platform import journal

pytestmark = pytest.mark.django_db
FIVE = timedelta(minutes=5)


@pytest.fixture
def world() -> PagedTeam:
    return make_paged_team()


def newest_people(page: Page) -> list[int]:
    newest = page.moves.order_by("-id").first()
    assert newest is not None
    return list(newest.people.order_by("id").values_list("user_id", flat=True))


def test_advance_before_the_due_time_does_nothing(world: PagedTeam) -> None:
    page = start_page(world)
    advanced = actions.advance_due_pages(now=NOW + timedelta(minutes=4))
    assert (advanced.done, advanced.next_due) == (0, page.due_at)


def test_unanswered_page_goes_to_lieutenant_lead_rounds_and_catch_all(world: PagedTeam) -> None:
    page = start_page(world)
    told = []
    for _ in range(10):
        page.refresh_from_db()
        assert page.due_at is not None
        assert actions.advance_due_pages(now=page.due_at).done == 1
        told.append(newest_people(page))
    one_round = [[world.ben.id], [world.dan.id, world.ben.id], [world.ada.id]]
    assert told == [*one_round, *one_round, *one_round[:2], [world.eve.id], [world.eve.id]]


def test_advance_woken_twice_takes_one_step(world: PagedTeam) -> None:
    page = start_page(world)
    assert actions.advance_due_pages(now=NOW + FIVE).done == 1
    assert actions.advance_due_pages(now=NOW + FIVE).done == 0
    page.refresh_from_db()
    assert page.step == 2


def test_acknowledged_page_without_follow_up_pages_again(world: PagedTeam) -> None:
    page = start_page(world)
    actions.respond(
        page_id=page.id,
        response=Response.ACKNOWLEDGE,
        user_id=world.ben.id,
        via="web",
        now=NOW,
        actor="user:1",
    )
    actions.advance_due_pages(now=NOW + timedelta(minutes=30))
    page.refresh_from_db()
    assert page.status == Status.PAGING
    notified = page.participations.filter(at=NOW + timedelta(minutes=30))
    assert set(notified.values_list("user_id", flat=True)) == {world.ben.id, world.ada.id}
    assert "paging.ack_expired" in [e.kind for e in journal.entries(subject=page.subject)]


def test_note_starts_the_timeout_of_an_acknowledged_page_again(world: PagedTeam) -> None:
    page = start_page(world)
    actions.respond(
        page_id=page.id,
        response=Response.ACKNOWLEDGE,
        user_id=world.ada.id,
        via="web",
        now=NOW,
        actor="user:1",
    )
    actions.keep_alive(subjects=[page.subject], now=NOW + FIVE)
    page.refresh_from_db()
    assert page.due_at == NOW + FIVE + timedelta(minutes=30)


def test_advance_needs_the_same_queries_for_one_and_for_four(world: PagedTeam) -> None:
    def queries_for(count: int, hour: int) -> int:
        for n in range(count):
            start_page(world, f"incident:{hour}-{n}", now=NOW + timedelta(hours=hour))
        with CaptureQueriesContext(connection) as captured:
            done = actions.advance_due_pages(now=NOW + timedelta(hours=hour) + FIVE).done
        assert done == count
        actions.stop_pages(
            subjects=[f"incident:{hour}-{n}" for n in range(count)],
            reason="resolved",
            now=NOW,
            actor="system",
        )
        return len(captured)

    assert queries_for(1, 0) == queries_for(4, 1)


def test_page_with_a_damaged_position_pages_the_administrators(world: PagedTeam) -> None:
    damaged, healthy = start_page(world, "incident:1"), start_page(world, "incident:2")
    Page.objects.filter(id=damaged.id).update(step=99)
    assert actions.advance_due_pages(now=NOW + FIVE).done == 2
    assert newest_people(damaged) == [world.eve.id]
    assert newest_people(healthy) == [world.ben.id]


def test_drain_says_when_the_next_page_is_due(world: PagedTeam) -> None:
    start_page(world)
    result = drains.advance_due_pages(NOW + FIVE)
    assert (result.done, result.next_due) == (1, NOW + FIVE + FIVE)


def test_audit_finds_how_late_pages_are(world: PagedTeam) -> None:
    start_page(world)
    found = queries.audit(now=NOW + timedelta(minutes=7), tolerance=timedelta(seconds=5))
    assert (found.overdue, found.worst, found.stranded) == (1, timedelta(minutes=2), 0)


def test_auditor_looks_every_five_seconds(world: PagedTeam) -> None:
    start_page(world)
    auditor = drains.Auditor()
    late = NOW + timedelta(minutes=7)
    assert auditor.run(late).next_due == late + drains.AUDIT_EVERY
    assert drains.overdue_pages._value.get() == 1
    assert drains.worst_lateness._value.get() == 120
    auditor.run(late + timedelta(seconds=1))
    actions.advance_due_pages(now=late)
    auditor.run(late + drains.AUDIT_EVERY)
    assert drains.overdue_pages._value.get() == 0


def test_escalation_ends_the_notices_of_the_person_before(world: PagedTeam) -> None:
    page = start_page(world)
    actions.respond(
        page_id=page.id,
        response=Response.ESCALATE,
        user_id=world.ada.id,
        via="web",
        now=NOW + timedelta(minutes=1),
        actor="user:1",
    )
    notices = notifications_queries.notices_for(f"page:{page.id}")
    planned = {n.user_id for n in notices if n.state == "planned"}
    assert planned == {world.ben.id}
    assert newest_people(page) == [world.ben.id]


def test_policy_of_a_newer_release_falls_back_to_the_default_steps(world: PagedTeam) -> None:
    policy = Policy.objects.create(name="From the future", created_at=NOW)
    PolicyVersion.objects.create(
        policy=policy,
        number=1,
        steps=[{"targets": [{"kind": "oracle"}]}],
        rounds=1,
        at_end="repeat",
        ack_timeout_minutes=30,
        created_at=NOW,
        created_by="system",
    )
    request = page_request(world, policy_id=policy.id)
    ids = actions.start_pages(requests=[request], now=NOW, actor="system")
    assert newest_people(Page.objects.get(id=ids["incident:17"])) == [world.ada.id]


@pytest.fixture
def pings() -> Iterator[list[str]]:
    """A dead man's switch on this machine; the paths it was asked for."""
    asked: list[str] = []

    class Switch(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        @override
        def log_message(self, *_args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Switch)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}/alive"
    with override_settings(EVENFALL=replace(settings.EVENFALL, dead_mans_switch_url=url)):
        yield asked
    server.shutdown()
    thread.join()
    server.server_close()


def test_auditor_pings_once_a_minute_while_pages_are_on_time(
    world: PagedTeam, pings: list[str]
) -> None:
    start_page(world)
    auditor = drains.Auditor()
    for second in (0, 30, 61):
        auditor.run(NOW + timedelta(seconds=second))
    assert pings == ["/alive", "/alive"]


def test_auditor_is_silent_while_a_page_is_a_minute_late(
    world: PagedTeam, pings: list[str]
) -> None:
    start_page(world)
    drains.Auditor().run(NOW + timedelta(minutes=7))
    assert pings == []


def test_auditor_survives_a_switch_that_does_not_answer() -> None:
    dead = replace(settings.EVENFALL, dead_mans_switch_url="http://127.0.0.1:9/alive")
    with override_settings(EVENFALL=dead):
        assert drains.Auditor().run(NOW).done == 0
