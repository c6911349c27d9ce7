"""Being told before a shift that one could not be reached in it. `NOW` is a Monday."""

from datetime import datetime, timedelta

import pytest
from tests.factories.identity import NOW, make_team, make_user
from tests.factories.notifications import make_contact_method
from tests.factories.oncall import make_rota

from evenfall.identity.models import Team, User
from evenfall.notifications.models import ContactMethod, Notice
from evenfall.oncall import drains
from evenfall.oncall.models import Absence, ShiftNotice
from evenfall.platform.events import SYSTEM

pytestmark = pytest.mark.django_db
NEXT_MONDAY = datetime.fromisoformat("2026-03-09T08:00Z")  # 09:00 in Berlin
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def ben() -> User:
    return make_user("Ben", time_zone="Europe/Berlin")


@pytest.fixture
def lead() -> User:
    user = make_user("Lea", time_zone="Europe/Berlin")
    make_contact_method(user)
    return user


@pytest.fixture(autouse=True)
def rota(ben: User, lead: User) -> int:
    """Ada has the week of NOW, Ben the next one; Lea leads."""
    ada = make_user("Ada")
    team: Team = make_team(members=[ada, ben], leads=[lead])
    return make_rota(ada, ben, team=team, now=NOW - DAY)


def _run(*moments: datetime) -> None:
    for now in moments:
        while drains.plan_notices(now).done:
            pass
        while drains.tell_shifts(now).done:
            pass


def _told(user: User) -> list[tuple[str, list[str]]]:
    rows = Notice.objects.filter(user=user, kind="inbox", purpose="shift").order_by("id")
    told = [(row.content["title"], row.content["lines"]) for row in rows]
    return [one for one in told if "cannot be reached" in one[0]]


def test_who_cannot_be_reached_hears_of_it_a_day_and_an_hour_before(ben: User) -> None:
    make_contact_method(ben, kind="webpush", address="Pixel", is_broken=True)
    _run(NOW, NEXT_MONDAY - DAY)
    title, lines = _told(ben)[0]
    assert title == "You cannot be reached for your shift from Mon 2026-03-09 09:00: Payments"
    assert lines[0] == "No verified contact method: pages would only wait in the inbox."
    assert "no longer works" in lines[1]
    _run(NEXT_MONDAY - HOUR)
    assert len(_told(ben)) == 2
    link = Notice.objects.filter(user=ben, kind="inbox").latest("id").content["url"]
    assert link == "/profile/contact-methods/"


def test_the_leads_hear_of_it_an_hour_before_when_it_was_not_mended(ben: User, lead: User) -> None:
    _run(NOW, NEXT_MONDAY - DAY)
    assert _told(lead) == []
    _run(NEXT_MONDAY - HOUR)
    ((title, lines),) = _told(lead)
    assert title == ("Ben cannot be reached, and is on call from Mon 2026-03-09 09:00: Payments")
    assert lines == ["No verified contact method: pages would only wait in the inbox."]
    assert Notice.objects.filter(user=lead, kind="email", purpose="shift").count() == 1


def test_what_was_mended_in_time_is_told_nobody(ben: User, lead: User) -> None:
    _run(NOW, NEXT_MONDAY - DAY)
    make_contact_method(ben)
    _run(NEXT_MONDAY - HOUR)
    assert len(_told(ben)) == 1
    assert _told(lead) == []
    row = ShiftNotice.objects.get(user=ben, kind="ready_hour")
    assert (row.state, row.reason) == ("dropped", "Nothing was missing.")
    _run(NEXT_MONDAY - HOUR / 2)
    assert len(_told(ben)) == 1


def test_what_breaks_after_the_check_is_said_at_the_begin(ben: User) -> None:
    method = make_contact_method(ben)
    _run(NOW, NEXT_MONDAY - HOUR)
    ContactMethod.objects.filter(id=method.id).update(broken_at=NEXT_MONDAY)
    _run(NEXT_MONDAY)
    begin = Notice.objects.get(
        user=ben, kind="inbox", content__title="You are on call now: Payments"
    )
    assert (
        "No verified contact method: pages would only wait in the inbox."
        in (begin.content["lines"])
    )


def test_an_absence_that_nobody_covers_is_told_the_lead_a_day_before(ben: User, lead: User) -> None:
    make_contact_method(ben)
    Absence.objects.create(
        user=ben,
        kind="holiday",
        starts_at=NEXT_MONDAY - 2 * DAY,
        ends_at=NEXT_MONDAY + 2 * DAY,
        source="hand",
        created_at=NOW,
        created_by=SYSTEM,
    )
    _run(NOW, NEXT_MONDAY - DAY)
    ((_, lines),) = _told(lead)
    assert lines == ["Away during the shift, and nobody takes it over."]


def test_a_lead_who_is_on_call_hears_of_themselves_once() -> None:
    dee = make_user("Dee", time_zone="Europe/Berlin")
    team = make_team("Search", leads=[dee])
    make_rota(make_user("Cy"), dee, team=team, name="Search", now=NOW - DAY)
    _run(NOW, NEXT_MONDAY - HOUR)
    titles = [title for title, _ in _told(dee)]
    assert titles == ["You cannot be reached for your shift from Mon 2026-03-09 09:00: Search"]
