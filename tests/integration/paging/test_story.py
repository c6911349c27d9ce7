"""The story of a page: each step, who and why, each notice, each answer."""

from datetime import timedelta

import pytest
from tests.factories.identity import NOW
from tests.factories.paging import (
    leave_primary_empty,
    make_paged_team,
    page_request,
    start_page,
)

from evenfall.paging import actions, queries
from evenfall.paging.logic.words import Response

pytestmark = pytest.mark.django_db


def test_story_tells_gap_step_answer_and_late_answer() -> None:
    world = make_paged_team()
    leave_primary_empty(world)
    page = start_page(world)
    for minute, user, response in (
        (2, world.ben, Response.ACKNOWLEDGE),
        (3, world.ben, Response.RESOLVE),
        (4, world.dan, Response.ON_IT),
    ):
        actions.respond(
            page_id=page.id,
            response=response,
            user_id=user.id,
            via="web",
            now=NOW + timedelta(minutes=minute),
            actor=f"user:{user.id}",
        )
    story = queries.page_story(page.id)
    assert [entry.words for entry in story] == [
        "Started with high urgency: Error rate above 5 %",
        "Round 1, step 1: Nobody to reach; went on at once",
        "Round 1, step 2: Paged: Ben",
        "Ben acknowledged over web",
        "Ben resolved it over web",
        "Dan answered “I'm on it” over web; it changed nothing any more",
    ]
    assert story[1].details == ("rota: nobody is on call now: the rota has a gap",)
    assert story[2].details[0].startswith("Ben: lieutenant of Weekly")
    assert story[3].details == ("2 min after the page began: in time",)
    assert {(n.name, n.channel, n.state) for n in story[2].notices} == {
        ("Ben", "Inbox", "cancelled"),
        ("Ben", "E-mail", "cancelled"),
    }


def test_story_tells_of_digests_expiry_and_stop() -> None:
    world = make_paged_team()
    requests = [page_request(world, f"incident:{n}") for n in range(6)]
    ids = actions.start_pages(requests=requests, now=NOW, actor="system")
    last = max(ids.values())
    actions.respond(
        page_id=last,
        response=Response.ACKNOWLEDGE,
        user_id=world.ada.id,
        via="api",
        now=NOW,
        actor="token:1",
    )
    actions.advance_due_pages(now=NOW + timedelta(minutes=30))
    actions.stop_pages(
        subjects=["incident:5"], reason="merged", now=NOW + timedelta(hours=1), actor="system"
    )
    story = queries.page_story(last)
    assert "listed in one message" in story[1].details[0]
    assert any(notice.channel == "E-mail" for notice in story[1].notices)
    words = [entry.words for entry in story]
    assert "Nothing followed the acknowledgement of Ada; paging again" in words
    assert words[-1] == "Stopped: merged"


def test_story_of_an_unknown_page_is_empty() -> None:
    assert queries.page_story(999) == []
