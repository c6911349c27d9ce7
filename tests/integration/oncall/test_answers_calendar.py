"""Complaints about other tools, each with what Evenfall does instead."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar
from tests.factories.catalog import make_service
from tests.factories.identity import NOW, make_team, make_user, signed_in
from tests.factories.notifications import make_contact_method
from tests.factories.oncall import make_rota

from evenfall.identity.models import Team, User
from evenfall.oncall import actions, queries
from evenfall.oncall.logic.feeds import FeedKind
from evenfall.oncall.ports import Role
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return make_user("Ada", role="manager", time_zone="America/New_York")


@pytest.fixture
def ben() -> User:
    return make_user("Ben")


@pytest.fixture
def team(ada: User, ben: User) -> Team:
    return make_team(members=[ada, ben])


def test_goalert_3511_all_gaps_are_filled_with_one_person_after_a_look_at_the_change(
    ada: User, ben: User, team: Team
) -> None:
    """With many holes in a plan each had to be filled by hand, one override after the other."""
    rota_id = make_rota(ada, None, team=team, now=utc_now())
    client, address = signed_in(ada), reverse("oncall:fill_gaps", args=[rota_id])
    look = client.get(address).content.decode()
    assert "What changes:" in look
    assert "Times are those of America/New_York." in look
    client.post(address, {"person": str(ben.id)})
    assert queries.gaps_ahead(rota_id, now=utc_now()) == []


def test_goalert_2914_another_program_asks_who_is_on_call_from_until_with_contacts(
    ada: User, team: Team
) -> None:
    """A telephone system had no way to ask who is on call in a period and at which address."""
    make_contact_method(ada, address="ada.phone@example.org")
    make_rota(ada, team=team)
    query = {"from": "2026-03-03T00:00:00Z", "until": "2026-03-04T00:00:00Z"}
    (line,) = signed_in(ada).get("/api/v1/oncall/schedule", query).json()["items"]
    assert (line["name"], line["user_id"]) == ("Ada", ada.id)
    assert line["contacts"] == [{"kind": "email", "address": "ada.phone@example.org"}]


def test_goalert_3061_a_feed_tells_the_shifts_of_the_whole_team(
    ada: User, ben: User, team: Team
) -> None:
    """A subscription had only one's own shifts, so nobody saw in a calendar who has the others."""
    make_rota(ada, ben, team=team, now=utc_now())
    _, secret = actions.create_feed(
        owner_id=ben.id, kind=FeedKind.TEAM, subject_id=team.id, now=NOW, actor="system"
    )
    body = Client().get(reverse("oncall:ical", args=[secret])).content
    told = {str(event["SUMMARY"]) for event in Calendar.from_ical(body).walk("VEVENT")}
    assert told == {"Ada on call: Payments", "Ben on call: Payments"}


@pytest.mark.parametrize(
    ("on", "offset", "until"),
    [
        ("2026-10-26", "UTC-04:00", "Mon 26 Oct 04:00 to Mon 2 Nov 03:00"),
        ("2026-11-02", "UTC-05:00", "Mon 2 Nov 03:00 to Mon 9 Nov 03:00"),
    ],
)
def test_grafana_oncall_2950_the_page_shows_its_zone_and_the_right_hour_after_dst(
    ada: User, ben: User, team: Team, on: str, offset: str, until: str
) -> None:
    """Looked at from before a change of the clocks, later shifts were shown an hour off."""
    rota_id = make_rota(ada, ben, team=team)
    query = {"on": on, "view": "week", "rota": str(rota_id)}
    page = signed_in(ada).get(reverse("oncall:calendar"), query).content.decode()
    assert f"America/New York ({offset}" in page
    assert until in page
    shift = datetime.fromisoformat(on).replace(tzinfo=UTC) + timedelta(hours=12)
    duty = queries.duty_detail(rota_id, Role.PRIMARY, at=shift)
    assert duty.starts_at.hour == 8


def test_goalert_2878_a_report_tells_which_services_have_no_cover(ada: User, team: Team) -> None:
    """Nothing told which applications lacked a schedule, until a page about one got lost."""
    make_service(team=team, name="Checkout")
    make_service(team=make_team("Storefront"), name="Images")
    make_rota(ada, team=team)
    page = signed_in(ada).get(reverse("oncall:ahead")).content.decode()
    assert "Services that nobody covers" in page
    assert "Images" in page
    told = signed_in(ada).get("/api/v1/oncall/ahead").json()["uncovered_services"]
    assert [(one["name"], one["starts_at"]) for one in told] == [("Images", None)]
