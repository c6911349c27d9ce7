"""Complaints of users of other tools about notices of shifts, each with how we answer it."""

from datetime import datetime, timedelta

import pytest
from tests.factories.identity import NOW, make_team, make_user
from tests.factories.notifications import make_contact_method
from tests.factories.oncall import main_layer, make_override, make_rota

from evenfall.identity.models import Team, User
from evenfall.notifications.models import Notice
from evenfall.oncall import actions, drains, queries
from evenfall.oncall.logic.away import Kind
from evenfall.oncall.logic.handovers import LookAhead
from evenfall.oncall.logic.readiness import Lack
from evenfall.oncall.logic.summaries import Cadence
from evenfall.oncall.models import ShiftNotice
from evenfall.platform.events import SYSTEM

pytestmark = pytest.mark.django_db
NEXT_MONDAY = datetime.fromisoformat("2026-03-09T08:00Z")  # 09:00 in Berlin
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
BEGIN = "You are on call now: Payments"
ANNOUNCED = "You are on call from Mon 2026-03-09 09:00: Payments"


@pytest.fixture
def ada() -> User:
    return _reachable("Ada")


@pytest.fixture
def ben() -> User:
    return _reachable("Ben")


@pytest.fixture
def lead() -> User:
    return _reachable("Lea")


@pytest.fixture
def team(ada: User, ben: User, lead: User) -> Team:
    return make_team(members=[ada, ben], leads=[lead])


@pytest.fixture
def rota_id(ada: User, ben: User, team: Team) -> int:
    """Ada has the week of NOW, Ben the next one."""
    return make_rota(ada, ben, team=team, now=NOW - DAY)


def _reachable(name: str) -> User:
    user = make_user(name, time_zone="Europe/Berlin")
    make_contact_method(user)
    make_contact_method(user, kind="webpush", address=f"https://push.example.org/{user.id}")
    return user


def _run(*moments: datetime) -> None:
    for now in moments:
        for drain in (drains.plan_notices, drains.tell_shifts, drains.send_summaries):
            while drain(now).done:
                pass


def _titles(user: User, kind: str = "inbox") -> list[str]:
    rows = Notice.objects.filter(user=user, kind=kind).order_by("id")
    return [row.content["title"] for row in rows]


def test_goalert_583_who_becomes_on_call_is_told_by_mail_and_push(rota_id: int, ben: User) -> None:
    """A turn in a rotation began and its person got no message at all."""
    _run(NOW, NEXT_MONDAY)
    assert BEGIN in _titles(ben, "email")
    assert BEGIN in _titles(ben, "webpush")


def test_goalert_583_who_gets_a_shift_by_a_change_hears_of_it_at_once(rota_id: int) -> None:
    """Somebody changed the turns, and those with plans for the day found out too late."""
    cy = _reachable("Cy")
    _run(NEXT_MONDAY - 5 * HOUR)
    make_override(rota_id, cy, starts_at=NEXT_MONDAY, hours=24, now=NEXT_MONDAY - 4 * HOUR)
    actions.replan(rota_ids=[rota_id], now=NEXT_MONDAY - 4 * HOUR)
    _run(NEXT_MONDAY - 4 * HOUR)
    assert _titles(cy) == [ANNOUNCED]


@pytest.mark.usefixtures("rota_id")
def test_goalert_4190_a_summary_says_who_is_on_and_what_changes_this_week(lead: User) -> None:
    """To know who is on call this week one had to open the schedule."""
    _run(NOW, NEXT_MONDAY - HOUR)
    told = Notice.objects.get(user=lead, kind="email", purpose="summary").content
    assert told["title"] == "On call in Payments this week"
    assert told["lines"][:2] == [
        "Payments: Ada until Mon 2026-03-09 09:00",
        "Payments, Mon 2026-03-09 09:00: Ben takes over",
    ]


@pytest.mark.usefixtures("rota_id")
def test_goalert_4190_everybody_may_have_it_every_day(ben: User) -> None:
    """One message for all teams at one time is too much for some and too little for others."""
    actions.save_notice_wish(
        user_id=ben.id,
        look_ahead=LookAhead.OFF,
        summary=Cadence.DAILY,
        now=NOW,
        actor=SYSTEM,
    )
    _run(NOW, NEXT_MONDAY - 2 * DAY)
    assert _titles(ben) == ["On call in Payments today"]


def test_goalert_3029_more_than_the_next_shift_is_in_sight(team: Team, lead: User) -> None:
    """A message named the next shift only, so the one after it came as a surprise."""
    people = [make_user(name) for name in ("Cy", "Dee", "Eli")]
    make_rota(layers=[main_layer(*people, hours=(24,))], team=team, name="Daily", now=NOW - DAY)
    _run(NOW, NEXT_MONDAY - HOUR)
    lines = Notice.objects.get(user=lead, kind="inbox", purpose="summary").content["lines"]
    assert len([line for line in lines if line.startswith("Daily, ")]) == 7


@pytest.mark.usefixtures("rota_id")
def test_grafana_oncall_321_the_week_before_for_those_who_want_it(ben: User) -> None:
    """The schedule had changed since one last looked, and the shift fell into the holiday."""
    actions.save_notice_wish(
        user_id=ben.id, look_ahead=LookAhead.WEEK, summary=None, now=NOW, actor=SYSTEM
    )
    _run(NOW)  # six days and twenty hours before, for it was asked for only now
    assert _titles(ben, "email") == [ANNOUNCED]


def _away(user: User, now: datetime) -> None:
    actions.add_absence(
        user_id=user.id,
        kind=Kind.HOLIDAY,
        starts_at=NEXT_MONDAY - HOUR,
        ends_at=NEXT_MONDAY + 3 * DAY,
        now=now,
        actor=SYSTEM,
    )


def test_grafana_oncall_322_leave_without_cover_is_told_the_lead_at_once(
    rota_id: int, ada: User, ben: User, lead: User
) -> None:
    """People had shifts while on leave; whoever is away cannot be the one who is told."""
    _away(ada, NOW)
    _away(ben, NOW)
    spans = queries.final_schedule(rota_id, starts_at=NEXT_MONDAY, ends_at=NEXT_MONDAY + DAY)
    assert spans == []  # nobody on leave is on call
    assert any(title.startswith("Nobody is on call for Payments from") for title in _titles(lead))


def test_grafana_oncall_322_who_is_put_on_call_during_leave_is_told_the_lead(
    rota_id: int, ben: User, lead: User
) -> None:
    """A change by hand put somebody on call who was on leave, and only they would have known."""
    _away(ben, NOW)
    make_override(rota_id, ben, starts_at=NEXT_MONDAY, hours=24)
    found = {line.user_id: line.lacks for line in queries.readiness(now=NOW)}
    assert [lack.lack for lack in found[ben.id]] == [Lack.ABSENT]
    _run(NEXT_MONDAY - DAY)
    assert any(title.startswith("Ben cannot be reached") for title in _titles(lead))


@pytest.mark.usefixtures("rota_id")
def test_grafana_oncall_2953_the_announcement_comes_or_says_why_not(ben: User) -> None:
    """A push before the shift had come once and did not come again; nobody could say why."""
    _run(NOW, NEXT_MONDAY - DAY, NEXT_MONDAY)
    assert ANNOUNCED in _titles(ben, "webpush")
    states = {row.kind: (row.state, row.reason) for row in ShiftNotice.objects.filter(user=ben)}
    assert states["look_ahead"] == ("told", "")
    assert states["ready_day"] == ("dropped", "Nothing was missing.")
    lines = queries.notices_of(ben.id, now=NEXT_MONDAY)
    assert {line.state for line in lines} <= {"planned", "told", "dropped"}
    assert all(line.reason for line in lines if line.state == "dropped")


def test_grafana_oncall_2248_a_shift_at_dawn_is_announced_the_evening_before(
    ada: User, ben: User, team: Team
) -> None:
    """The shift began at five in the morning and the message came ten minutes before."""
    make_rota(layers=[main_layer(ada, ben, starts_at="2026-03-02 05:00")], team=team, now=NOW - DAY)
    evening = datetime.fromisoformat("2026-03-07T19:00Z")  # 20:00 in Berlin
    _run(NOW, evening - timedelta(minutes=1))
    assert _titles(ben) == []
    _run(evening)
    assert _titles(ben, "webpush") == ["You are on call from Mon 2026-03-09 05:00: Payments"]


def test_linkedin_oncall_435_nobody_is_on_call_unreachable_without_a_word(
    team: Team, lead: User
) -> None:
    """People were on call who had no phone number, and it was noticed when a call failed."""
    cy = make_user("Cy", time_zone="Europe/Berlin")
    make_rota(lead, cy, team=team, now=NOW - DAY)
    (line,) = (line for line in queries.readiness(now=NOW) if line.user_id == cy.id)
    assert [lack.lack for lack in line.lacks] == [Lack.NO_METHOD]
    _run(NOW, NEXT_MONDAY - HOUR)
    assert any(title.startswith("Cy cannot be reached") for title in _titles(lead))
