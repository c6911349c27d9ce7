"""Summaries of a team, with the clock moved by hand. `NOW` is a Monday, 13:00 in Berlin."""

from datetime import datetime, timedelta

import pytest
from tests.factories.identity import NOW, make_team, make_user
from tests.factories.notifications import make_contact_method
from tests.factories.oncall import make_rota

from evenfall.identity.models import Membership, Team, User
from evenfall.notifications.models import Notice
from evenfall.oncall import actions, drains
from evenfall.oncall.logic.handovers import LookAhead
from evenfall.oncall.logic.summaries import Cadence
from evenfall.oncall.models import Absence, SummaryTurn
from evenfall.paging.events import PageStarted
from evenfall.platform.events import SYSTEM, publish

pytestmark = pytest.mark.django_db
EIGHT = datetime.fromisoformat("2026-03-09T07:00Z")  # the next Monday, 08:00 in Berlin
DAY = timedelta(days=1)


@pytest.fixture
def lead() -> User:
    user = make_user("Lea", time_zone="Europe/Berlin")
    make_contact_method(user)
    return user


@pytest.fixture
def ada() -> User:
    return make_user("Ada", time_zone="Europe/Berlin")


@pytest.fixture
def team(lead: User, ada: User) -> Team:
    return make_team(members=[ada], leads=[lead])


@pytest.fixture
def rota_id(team: Team, ada: User, lead: User) -> int:
    """Ada has the week of NOW, Lea the next one."""
    return make_rota(ada, lead, team=team, now=NOW - DAY)


def _run(*moments: datetime) -> None:
    for now in moments:
        drains.plan_notices(now)
        drains.send_summaries(now)


def _told(user: User, kind: str = "inbox") -> list[dict[str, object]]:
    rows = Notice.objects.filter(user=user, kind=kind, purpose="summary").order_by("id")
    return [row.content for row in rows]


def _wish(user: User, summary: Cadence) -> None:
    actions.save_notice_wish(
        user_id=user.id, look_ahead=LookAhead.DAY, summary=summary, now=NOW, actor=SYSTEM
    )


def _page(team: Team, at: datetime) -> None:
    fact = PageStarted(
        page_id=1,
        subject="incident:1",
        service_id=None,
        team_id=team.id,
        policy_id=1,
        policy_number=1,
        urgency="high",
        severity=None,
        title="x",
        at=at,
    )
    publish(fact)


@pytest.mark.usefixtures("rota_id")
def test_leads_get_the_week_on_monday_morning_once(lead: User, ada: User, team: Team) -> None:
    Absence.objects.create(
        user=ada,
        kind="sick",
        starts_at=EIGHT,
        ends_at=EIGHT + DAY,
        source="hand",
        created_at=NOW,
        created_by=SYSTEM,
    )
    _page(team, EIGHT - DAY)
    _page(make_team("Other"), EIGHT - DAY)
    _page(team, EIGHT - 8 * DAY)
    _run(NOW, EIGHT - timedelta(minutes=1), EIGHT, EIGHT, EIGHT + DAY)
    (told,) = _told(lead)
    assert told["title"] == "On call in Payments this week"
    assert told["lines"] == [
        "Payments: Ada until Mon 2026-03-09 09:00",
        "Payments, Mon 2026-03-09 09:00: Lea takes over",
        "Away: Ada, Mon 2026-03-09 08:00 to Tue 2026-03-10 08:00",
        "Pages in the last 7 days: 1",
    ]
    assert _told(lead, "email") == [told]
    assert _told(ada) == []


@pytest.mark.usefixtures("rota_id")
def test_members_get_what_they_ask_for(lead: User, ada: User) -> None:
    _wish(ada, Cadence.DAILY)
    _wish(lead, Cadence.OFF)
    tomorrow = datetime.fromisoformat("2026-03-03T07:00Z")
    _run(NOW, tomorrow, tomorrow + DAY)
    assert [told["title"] for told in _told(ada)] == ["On call in Payments today"] * 2
    assert not SummaryTurn.objects.filter(user=lead).exists()


@pytest.mark.usefixtures("rota_id")
def test_whoever_left_the_team_gets_nothing_more(lead: User) -> None:
    _run(NOW)
    Membership.objects.filter(user=lead).delete()
    _run(EIGHT)
    assert _told(lead) == []
    assert not SummaryTurn.objects.exists()


def test_gaps_are_shouted(team: Team, lead: User, ada: User) -> None:
    make_rota(ada, None, team=team, now=NOW - DAY)
    _run(NOW, EIGHT)
    assert (
        "Payments: NOBODY from Mon 2026-03-09 09:00 to Mon 2026-03-16 08:00"
        in (
            _told(lead)[0]["lines"]  # type: ignore[operator] # a list in JSON
        )
    )
