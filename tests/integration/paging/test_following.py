"""Pages that nobody answered follow the duty to whoever took over."""

from datetime import timedelta

import pytest
from tests.factories.identity import NOW
from tests.factories.paging import PagedTeam, make_paged_team, make_person, start_page

from evenfall.oncall import actions as oncall_actions
from evenfall.oncall.events import DutyPassed
from evenfall.paging import actions, reactions
from evenfall.paging.models import Participation
from evenfall.paging.ports import Response
from evenfall.platform.events import Recorded
from evenfall.platform.reactions import react_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> PagedTeam:
    return make_paged_team()


def _passed(world: PagedTeam, to_user_id: int) -> list[Recorded[DutyPassed]]:
    fact = DutyPassed(
        rota_id=world.rota_id,
        team_id=world.team.id,
        rota_name="Weekly",
        from_user_id=world.ada.id,
        to_user_id=to_user_id,
        at=NOW,
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


def test_an_acknowledged_page_stays_where_it_is(world: PagedTeam) -> None:
    page_id, cy = start_page(world).id, make_person("Cy")
    actions.respond(
        page_id=page_id,
        response=Response.ACKNOWLEDGE,
        user_id=world.ada.id,
        via="web",
        now=NOW,
        actor="system",
    )
    reactions.page_those_who_took_over(_passed(world, cy.id), now=NOW)
    assert "Cy" not in _told(page_id)


def test_grafana_oncall_4538_taking_the_pager_during_an_incident_brings_its_pages(
    world: PagedTeam,
) -> None:
    """Whoever takes over in the middle of an incident also gets what already rings elsewhere."""
    page_id, cy = start_page(world).id, make_person("Cy")
    now = NOW + timedelta(minutes=1)
    oncall_actions.take_duty(rota_id=world.rota_id, user_id=cy.id, now=now, actor=f"user:{cy.id}")
    react_now(now)
    assert _told(page_id)["Cy"].startswith("took over in Weekly")
