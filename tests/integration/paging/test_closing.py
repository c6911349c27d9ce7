"""An answer anywhere takes a page from all screens; the icon of the app counts what waits."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Literal

import pytest
from tests.factories.identity import NOW, signed_in
from tests.factories.notifications import ScriptedChannel
from tests.factories.paging import PagedTeam, make_paged_team, start_page

from evenfall.notifications import ports
from evenfall.notifications.models import Notice
from evenfall.paging import actions, queries
from evenfall.paging.actions import Ending
from evenfall.paging.events import PageAcknowledged, PageMobilised, PageResolved, PageStopped
from evenfall.paging.models import Digest, Page
from evenfall.paging.ports import Response

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(minutes=1)


class Push(ScriptedChannel):
    checks: Literal[True] = True
    closes: Literal[True] = True


@pytest.fixture(autouse=True)
def push() -> Iterator[None]:
    before = ports.channel("webpush")
    ports.register_channel(Push(kind="webpush"))
    yield
    ports.unregister_channel("webpush")
    if before is not None:
        ports.register_channel(before)


@pytest.fixture
def world() -> PagedTeam:
    return make_paged_team(kinds=("webpush", "email"))


def acknowledged(page: Page, user_id: int) -> Ending:
    return PageAcknowledged(
        page_id=page.id,
        subject=page.subject,
        user_id=user_id,
        via="web",
        seconds=60.0,
        in_time=True,
        at=SOON,
    )


def closings() -> list[str]:
    rows = Notice.objects.filter(purpose="close").order_by("id")
    return [row.content["title"] for row in rows]


def test_an_answer_closes_the_page_on_the_devices_of_everybody(world: PagedTeam) -> None:
    page = start_page(world)
    Notice.objects.filter(kind="webpush").update(state="accepted")
    assert actions.close_screens(endings=[acknowledged(page, world.ben.id)], now=SOON) == 1
    (row,) = Notice.objects.filter(purpose="close")
    assert (row.user_id, row.content["tag"]) == (world.ada.id, f"page-{page.id}")
    assert closings() == ["Acknowledged by Ben"]


def test_what_ended_a_page_is_said(world: PagedTeam) -> None:
    page = start_page(world)
    Notice.objects.filter(kind="webpush").update(state="accepted")
    about = {"page_id": page.id, "subject": page.subject, "at": SOON}
    by_ada = {"user_id": world.ada.id, "via": "web", "seconds": 1.0}
    endings: list[Ending] = [
        PageMobilised(**about, **by_ada, in_time=True),  # type: ignore[arg-type]  # names as above
        PageResolved(**about, **by_ada, actionable=True),  # type: ignore[arg-type]  # as above
        PageStopped(**about, reason="the alert is resolved"),  # type: ignore[arg-type]  # as above
    ]
    for ending in endings:
        actions.close_screens(endings=[ending], now=SOON)
    assert closings() == ["Ada is on it", "Resolved by Ada", "Over: the alert is resolved"]


def test_a_list_of_pages_closes_with_its_last_one(world: PagedTeam) -> None:
    pages = [start_page(world, f"incident:{number}") for number in range(20, 28)]
    digest = Digest.objects.filter(user=world.ada).latest("id")
    Notice.objects.filter(kind="webpush").update(state="accepted")
    listed = [one for one in pages if digest.pages.filter(page=one).exists()]
    assert len(listed) > 1
    for page in listed:
        actions.respond(
            page_id=page.id,
            response=Response.ACKNOWLEDGE,
            user_id=world.ada.id,
            via="web",
            now=SOON,
            actor="system",
        )
        actions.close_screens(endings=[acknowledged(page, world.ada.id)], now=SOON)
    subjects = Notice.objects.filter(purpose="close", content__title__startswith="Every page")
    assert subjects.count() == 1


def test_the_icon_counts_what_waits_for_its_owner(world: PagedTeam) -> None:
    pages = [start_page(world, f"incident:{number}") for number in (17, 18, 19)]
    people = [world.ada.id, world.ben.id]
    assert queries.open_counts(people) == {world.ada.id: 3}
    for page, answerer in zip(pages, (world.ada, world.ben), strict=False):
        actions.respond(
            page_id=page.id,
            response=Response.ACKNOWLEDGE,
            user_id=answerer.id,
            via="web",
            now=SOON,
            actor="system",
        )
    # her own and the one that nobody answered
    assert queries.open_counts(people)[world.ada.id] == 2
    assert signed_in(world.ada).get("/badge").json() == {"open": 2}
    assert signed_in(world.dan).get("/badge").json() == {"open": 0}
