"""Whoever learns beside those on call gets copies of their pages."""

import pytest
from tests.factories.identity import NOW
from tests.factories.oncall import make_override
from tests.factories.paging import PagedTeam, make_paged_team, make_person, start_page

from evenfall.identity.models import User
from evenfall.notifications.models import Notice
from evenfall.oncall.ports import Role
from evenfall.paging import actions
from evenfall.paging.models import Participation

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> PagedTeam:
    return make_paged_team()


def _shadow(world: PagedTeam, *, kinds: tuple[str, ...] = ("email", "webpush")) -> User:
    cy = make_person("Cy", kinds=kinds)
    make_override(world.rota_id, cy, hours=24, role=Role.SHADOW)
    return cy


def test_a_shadow_gets_a_copy_without_answers_that_makes_no_sound(world: PagedTeam) -> None:
    cy = _shadow(world)
    page = start_page(world)
    rows = Notice.objects.filter(user=cy).order_by("kind")
    assert [(row.kind, row.urgency, row.subject) for row in rows] == [
        ("email", "low", f"page:{page.id}"),
        ("inbox", "low", f"page:{page.id}"),
    ]
    content = rows[0].content
    assert content["lines"][0].startswith("A copy for you to learn from: Ada was paged.")
    assert not content["actions"]
    assert not Participation.objects.filter(user=cy).exists()


def test_a_shadow_is_told_of_a_page_once(world: PagedTeam) -> None:
    cy = _shadow(world, kinds=())
    start_page(world)
    now = NOW
    for _ in range(8):
        now = actions.advance_due_pages(now=now).next_due or now
    assert Notice.objects.filter(user=cy).count() == 1


def test_a_page_of_another_team_is_not_copied(world: PagedTeam) -> None:
    cy = _shadow(world)
    start_page(make_paged_team())
    assert not Notice.objects.filter(user=cy).exists()
