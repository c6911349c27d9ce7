"""Open pages follow the duty to whoever took over."""

from datetime import timedelta

import pytest
from tests.factories.identity import NOW
from tests.factories.oncall import make_override
from tests.factories.paging import PagedTeam, make_paged_team, make_person, start_page

from evenfall.identity.models import User
from evenfall.notifications.models import Notice
from evenfall.oncall import actions as oncall_actions
from evenfall.oncall.events import DutyPassed
from evenfall.paging import actions, queries, reactions
from evenfall.paging.logic.words import Status
from evenfall.paging.models import Participation
from evenfall.paging.ports import Response
from evenfall.platform.events import Recorded
from evenfall.platform.reactions import react_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> PagedTeam:
    return make_paged_team()


def _passed(world: PagedTeam, to_user_id: int, **rest: object) -> list[Recorded[DutyPassed]]:
    fact = DutyPassed(
        rota_id=world.rota_id,
        team_id=world.team.id,
        rota_name="Weekly",
        from_user_id=world.ada.id,
        to_user_id=to_user_id,
        at=NOW,
        **rest,  # type: ignore[arg-type] # passed on as given
    )
    return [Recorded(id=1, event=fact)]


def _told(page_id: int) -> dict[str, str]:
    rows = Participation.objects.filter(page_id=page_id).select_related("user")
    return {row.user.name: row.why for row in rows}


def test_an_open_page_is_sent_to_whoever_took_over(world: PagedTeam) -> None:
    page_id, cy = start_page(world).id, make_person("Cy")
    before = actions.advance_due_pages(now=NOW).next_due
    reactions.page_those_who_took_over(_passed(world, cy.id), now=NOW + timedelta(minutes=1))
    assert _told(page_id)["Cy"] == "took over in Weekly"
    assert actions.advance_due_pages(now=NOW).next_due == before


def test_nobody_is_told_of_a_page_twice(world: PagedTeam) -> None:
    page_id, cy = start_page(world).id, make_person("Cy")
    for minute in (1, 2):
        now = NOW + timedelta(minutes=minute)
        reactions.page_those_who_took_over(_passed(world, cy.id), now=now)
    assert Participation.objects.filter(page_id=page_id, user=cy).count() == 1


def _answer(page_id: int, user: User, response: Response = Response.ACKNOWLEDGE) -> None:
    actions.respond(
        page_id=page_id, response=response, user_id=user.id, via="web", now=NOW, actor="system"
    )


def test_an_acknowledged_page_stays_when_only_the_plan_changed(world: PagedTeam) -> None:
    page_id, cy = start_page(world).id, make_person("Cy")
    _answer(page_id, world.ada)
    reactions.page_those_who_took_over(_passed(world, cy.id), now=NOW)
    assert "Cy" not in _told(page_id)


@pytest.mark.parametrize("answer", [Response.ACKNOWLEDGE, Response.ON_IT])
def test_what_somebody_works_on_goes_along_when_the_pager_is_taken(
    world: PagedTeam, answer: Response
) -> None:
    page_id, cy = start_page(world).id, make_person("Cy")
    _answer(page_id, world.ada, answer)
    later = NOW + timedelta(minutes=10)
    reactions.page_those_who_took_over(_passed(world, cy.id, hands_over=True), now=later)
    page = queries.page(page_id)
    assert (page.status, page.holder_id) == (Status.PAGING, None)
    assert _told(page_id)["Cy"] == "took over in Weekly"
    assert Notice.objects.filter(user=cy, subject=f"page:{page_id}", due_at__lte=later).exists()
    _answer(page_id, cy)
    assert queries.page(page_id).holder == "Cy"


def test_a_page_handed_over_that_nobody_answers_follows_its_policy(world: PagedTeam) -> None:
    page_id, cy = start_page(world).id, make_person("Cy")
    _answer(page_id, world.ada, Response.ON_IT)
    reactions.page_those_who_took_over(_passed(world, cy.id, hands_over=True), now=NOW)
    due = actions.advance_due_pages(now=NOW).next_due
    assert due == NOW + timedelta(minutes=5)
    assert actions.advance_due_pages(now=due).done == 1
    assert queries.page(page_id).status is Status.PAGING


def test_a_page_handed_to_somebody_out_of_reach_goes_on_at_once(world: PagedTeam) -> None:
    page_id, cy = start_page(world).id, make_person("Cy", kinds=())
    _answer(page_id, world.ada)
    later = NOW + timedelta(minutes=10)
    reactions.page_those_who_took_over(_passed(world, cy.id, hands_over=True), now=later)
    rows = Participation.objects.filter(page_id=page_id, at=later)
    assert {row.user.name for row in rows.select_related("user")} == {"Cy", "Ada"}


def test_a_page_of_another_rota_stays_unless_its_holder_is_away(world: PagedTeam) -> None:
    other = make_paged_team()
    page_id, cy = start_page(other).id, make_person("Cy")
    _answer(page_id, world.ada)
    reactions.page_those_who_took_over(_passed(world, cy.id, hands_over=True), now=NOW)
    assert queries.page(page_id).holder == "Ada"
    away = _passed(world, cy.id, hands_over=True, is_away=True)
    reactions.page_those_who_took_over(away, now=NOW)
    assert "Cy" in _told(page_id)


def test_the_story_says_that_the_page_was_handed_on(world: PagedTeam) -> None:
    page_id, cy = start_page(world).id, make_person("Cy")
    _answer(page_id, world.ada)
    oncall_actions.take_duty(rota_id=world.rota_id, user_id=cy.id, now=NOW, actor=f"user:{cy.id}")
    react_now(NOW)
    words = [entry.words for entry in queries.page_story(page_id)]
    assert "Ada handed the duty over, and this page with it" in words
    assert "The duty passed to somebody else; paged: Cy" in words


def test_an_override_that_begins_now_brings_what_nobody_answered(world: PagedTeam) -> None:
    open_id, held_id = start_page(world).id, start_page(world, "incident:18").id
    cy = make_person("Cy")
    _answer(held_id, world.ada)
    make_override(world.rota_id, cy)
    react_now(NOW)
    assert "Cy" in _told(open_id)
    assert "Cy" not in _told(held_id)


def test_grafana_oncall_4538_taking_the_pager_during_an_incident_brings_its_pages(
    world: PagedTeam,
) -> None:
    """Whoever takes over in the middle of an incident also gets what already rings elsewhere."""
    page_id, cy = start_page(world).id, make_person("Cy")
    now = NOW + timedelta(minutes=1)
    oncall_actions.take_duty(rota_id=world.rota_id, user_id=cy.id, now=now, actor=f"user:{cy.id}")
    react_now(now)
    assert _told(page_id)["Cy"].startswith("took over in Weekly")
