"""What is said at a hand-over. `NOW` is a Monday, 13:00 in Berlin."""

from datetime import datetime, timedelta

import pytest
from tests.factories.alerting import make_integration, receive, send, update
from tests.factories.catalog import make_service
from tests.factories.changes import make_change
from tests.factories.identity import NOW, make_team, make_user
from tests.factories.incidents import declare
from tests.factories.oncall import make_rota

from evenfall.catalog.models import Service
from evenfall.identity.models import Team, User
from evenfall.notifications.models import Notice
from evenfall.oncall import actions, drains, queries

pytestmark = pytest.mark.django_db
NEXT_MONDAY = datetime.fromisoformat("2026-03-09T08:00Z")  # 09:00 in Berlin
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ada() -> User:
    return make_user("Ada")


@pytest.fixture
def ben() -> User:
    return make_user("Ben")


@pytest.fixture
def team(ada: User, ben: User) -> Team:
    return make_team(members=[ada, ben])


@pytest.fixture
def service(team: Team) -> Service:
    return make_service(team=team)


@pytest.fixture
def rota_id(ada: User, ben: User, team: Team) -> int:
    return make_rota(ada, ben, team=team, now=NOW - DAY)


def _hand_over(rota_id: int) -> None:
    while drains.plan_notices(NEXT_MONDAY).done:
        pass
    while drains.tell_shifts(NEXT_MONDAY).done:
        pass


def _lines(user: User, title: str) -> list[str]:
    row = Notice.objects.get(user=user, kind="inbox", content__title=title)
    lines: list[str] = row.content["lines"]
    return lines


def test_both_are_told_what_goes_on(rota_id: int, ada: User, ben: User, service: Service) -> None:
    incident = declare(
        "Shop is slow", service_id=service.id, team_id=service.team_id, now=NEXT_MONDAY - DAY
    )
    declare("Not ours", now=NEXT_MONDAY - DAY)
    integration = make_integration(service=service)
    for number in range(3):
        at = NEXT_MONDAY - DAY + number * 30 * MINUTE
        send(integration, update(), at=at)
        receive(at)
        send(integration, update("resolve"), at=at + MINUTE)
        receive(at + MINUTE)
    make_change(service, "Deploy 1.2.3", at=NEXT_MONDAY - DAY)
    make_change(service, "Move to db-3", at=NEXT_MONDAY + DAY)
    actions.write_handover_note(
        rota_id=rota_id,
        user_id=ada.id,
        text="Look at db-2 first.",
        now=NEXT_MONDAY - DAY,
        actor=f"user:{ada.id}",
    )
    _hand_over(rota_id)
    told = [
        "Ada leaves: Look at db-2 first.",
        f"Open incidents: #{incident.id} Shop is slow (SEV3, open)",
        "Came again and again: Disk is full: opened 3 times",
        "Planned changes: Move to db-3",
        "Recent changes: Deploy 1.2.3",
    ]
    assert _lines(ben, "You are on call now: Payments")[-5:] == told
    assert _lines(ada, "You are not on call any more: Payments") == ["Ben took over.", *told]


def test_notes_of_earlier_shifts_are_not_told_again(rota_id: int, ada: User, ben: User) -> None:
    actions.write_handover_note(
        rota_id=rota_id, user_id=ada.id, text="Old.", now=NOW, actor="system"
    )
    _hand_over(rota_id)
    second = NEXT_MONDAY + 7 * DAY
    drains.plan_notices(second)
    drains.tell_shifts(second)
    begin = Notice.objects.filter(user=ada, kind="inbox").latest("id")
    assert begin.content["title"] == "You are on call now: Payments"
    assert not any("Old." in line for line in begin.content["lines"])


def test_a_note_after_the_end_of_the_last_shift_still_belongs_to_it(team: Team, ada: User) -> None:
    rota_id = make_rota(ada, None, team=team, name="Half", now=NOW - DAY)
    in_the_gap = NEXT_MONDAY + DAY
    started = queries.tour_start(rota_id, now=in_the_gap)
    assert started < NEXT_MONDAY
    actions.write_handover_note(
        rota_id=rota_id, user_id=ada.id, text="Sorry, late.", now=in_the_gap, actor="system"
    )
    shown = queries.handover(queries.rota(rota_id), now=in_the_gap)
    assert shown.leaver is None
    assert shown.note_of(ada.id) == "Sorry, late."
