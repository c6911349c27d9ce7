"""What humans answer: measured, announced, and never lost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.identity import NOW, make_team
from tests.factories.paging import (
    PagedTeam,
    make_paged_team,
    make_person,
    page_request,
    start_page,
)

from evenfall.notifications import queries as notifications_queries
from evenfall.paging import actions, errors, queries
from evenfall.paging.actions.responding import Answered
from evenfall.paging.logic.words import Reason, Response, Status
from evenfall.paging.models import Digest, Page, PageAnswer
from evenfall.paging.ports import PageContent
from evenfall.platform import journal

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=3)


@pytest.fixture
def world() -> PagedTeam:
    return make_paged_team()


def answer(page: Page, response: Response, user_id: int, *, team_id: int | None = None) -> Answered:
    return actions.respond(
        page_id=page.id,
        response=response,
        user_id=user_id,
        via="web",
        now=LATER,
        actor=f"user:{user_id}",
        help_team_id=team_id,
    )


def states(page: Page) -> set[str]:
    notices = notifications_queries.notices_for(f"page:{page.id}")
    return {notice.state for notice in notices}


def newest_fact(page: Page) -> journal.Entry:
    kinds = ("paging.",)
    facts = [e for e in journal.entries(subject=page.subject) if e.kind.startswith(kinds)]
    return facts[-1]


def test_acknowledge_takes_every_planned_notice_back(world: PagedTeam) -> None:
    page = start_page(world)
    answered = answer(page, Response.ACKNOWLEDGE, world.ada.id)
    assert (answered.status, answered.reason) == (Status.ACKNOWLEDGED, Reason.ACKNOWLEDGED)
    assert states(page) == {"cancelled"}
    fact = newest_fact(page)
    assert (fact.kind, fact.data["seconds"], fact.data["in_time"]) == (
        "paging.page_acknowledged",
        180.0,
        True,
    )


def test_on_it_is_measured_against_thirty_minutes(world: PagedTeam) -> None:
    page = start_page(world)
    answer(page, Response.ON_IT, world.ada.id)
    view = queries.page(page.id)
    assert view.status is Status.MOBILISED
    assert (view.acknowledged_in_time, view.mobilised_in_time) == (True, True)
    assert (view.holder, view.due_at) == ("Ada", None)
    assert newest_fact(page).kind == "paging.page_mobilised"


def test_need_help_pages_the_lieutenant(world: PagedTeam) -> None:
    page = start_page(world)
    answered = answer(page, Response.NEED_HELP, world.ada.id)
    assert answered.status is Status.HELP
    assert queries.page(page.id).people == ("Ada", "Ben")
    kinds = [e.kind for e in journal.entries(subject=page.subject)]
    assert kinds[-2:] == ["paging.help_requested", "paging.page_step_taken"]


def test_need_help_can_call_another_team(world: PagedTeam) -> None:
    cleo = make_person("Cleo")
    team = make_team("Databases", members=(cleo,))
    page = start_page(world)
    answer(page, Response.NEED_HELP, world.ada.id, team_id=team.id)
    assert queries.page(page.id).people == ("Ada", "Cleo")
    asked = [e for e in journal.entries(subject=page.subject) if e.kind.endswith("help_requested")]
    assert asked[0].data["help_team_id"] == team.id


def test_not_actionable_closes_and_says_so(world: PagedTeam) -> None:
    page = start_page(world)
    answer(page, Response.NOT_ACTIONABLE, world.ada.id)
    fact = newest_fact(page)
    assert (fact.kind, fact.data["actionable"]) == ("paging.page_resolved", False)
    assert queries.page(page.id).stop_reason == "not_actionable"


def test_resolve_closes_the_page(world: PagedTeam) -> None:
    page = start_page(world)
    assert answer(page, Response.RESOLVE, world.ada.id).status is Status.RESOLVED
    assert not queries.page(page.id).is_open
    assert states(page) == {"cancelled"}


def test_late_answer_is_kept_and_changes_nothing(world: PagedTeam) -> None:
    page = start_page(world)
    answer(page, Response.RESOLVE, world.ada.id)
    answered = answer(page, Response.ACKNOWLEDGE, world.ben.id)
    assert answered.reason is Reason.ALREADY_CLOSED
    kept = PageAnswer.objects.filter(page=page).order_by("id").values_list("response", "reason")
    assert list(kept) == [("resolve", "resolved"), ("acknowledge", "already_closed")]
    assert newest_fact(page).kind == "paging.page_resolved"


def test_respond_to_an_unknown_page_says_so(world: PagedTeam) -> None:
    with pytest.raises(errors.PageNotFound, match="No page 999"):
        answer(Page(id=999), Response.ACKNOWLEDGE, world.ada.id)


def test_stop_pages_closes_all_open_pages_of_the_subjects(world: PagedTeam) -> None:
    pages = [start_page(world, f"incident:{n}") for n in (1, 2)]
    subjects = [page.subject for page in pages]
    for stopped in (2, 0):
        count = actions.stop_pages(
            subjects=subjects, reason="incident resolved", now=LATER, actor="system"
        )
        assert count == stopped
    assert states(pages[0]) == {"cancelled"}
    assert newest_fact(pages[1]).data == {
        "page_id": pages[1].id,
        "subject": "incident:2",
        "reason": "incident resolved",
    }


def test_update_content_changes_what_the_next_notices_say(world: PagedTeam) -> None:
    page = start_page(world)
    content = PageContent(title="All payments fail", severity="error")
    actions.update_content(subject=page.subject, content=content, now=LATER)
    actions.advance_due_pages(now=NOW + timedelta(minutes=5))
    newest = notifications_queries.notices_for(f"page:{page.id}")[-1]
    assert newest.title == "ERROR All payments fail"


def test_acknowledge_all_of_a_digest_stops_its_notices(world: PagedTeam) -> None:
    requests = [page_request(world, f"incident:{n}") for n in range(8)]
    actions.start_pages(requests=requests, now=NOW, actor="system")
    digest = Digest.objects.get()
    answered = actions.respond_to_digest(
        digest_id=digest.id,
        response=Response.ACKNOWLEDGE,
        user_id=world.ada.id,
        via="link",
        now=LATER,
        actor="user:1",
    )
    assert {one.status for one in answered} == {Status.ACKNOWLEDGED}
    assert len(answered) == 3
    notices = notifications_queries.notices_for(f"digest:{digest.id}")
    assert {notice.state for notice in notices} == {"cancelled"}


def test_digest_goes_on_while_one_of_its_pages_is_unanswered(world: PagedTeam) -> None:
    requests = [page_request(world, f"incident:{n}") for n in range(8)]
    actions.start_pages(requests=requests, now=NOW, actor="system")
    digest = Digest.objects.get()
    listed = list(digest.pages.order_by("id"))
    answer(listed[0].page, Response.ACKNOWLEDGE, world.ada.id)
    notices = notifications_queries.notices_for(f"digest:{digest.id}")
    assert {notice.state for notice in notices} == {"planned"}


def test_digest_of_somebody_else_cannot_be_answered(world: PagedTeam) -> None:
    with pytest.raises(errors.DigestNotFound):
        actions.respond_to_digest(
            digest_id=1,
            response=Response.ACKNOWLEDGE,
            user_id=world.ben.id,
            via="link",
            now=LATER,
            actor="user:1",
        )


def test_page_that_was_escalated_by_everybody_still_has_a_due_time(world: PagedTeam) -> None:
    page = start_page(world)
    for _ in range(12):
        answer(page, Response.ESCALATE, world.ada.id)
    page.refresh_from_db()
    assert page.due_at == LATER + timedelta(minutes=15)
    assert queries.page(page.id).people == ("Ada", "Ben", "Dan", "Eve")


def test_update_contents_needs_the_same_queries_for_one_and_for_three(world: PagedTeam) -> None:
    def queries_for(*subjects: str) -> int:
        contents = {subject: PageContent(title="New", severity="error") for subject in subjects}
        with CaptureQueriesContext(connection) as captured:
            assert actions.update_contents(contents=contents, now=LATER) == len(subjects)
        return len(captured)

    pages = [start_page(world, f"incident:{n}") for n in (1, 2, 3)]
    assert queries_for("incident:1") == queries_for("incident:1", "incident:2", "incident:3")
    assert queries.page(pages[2].id).severity == "error"
    assert newest_fact(pages[2]).kind == "paging.page_content_changed"
    assert actions.update_contents(contents={}, now=LATER) == 0
