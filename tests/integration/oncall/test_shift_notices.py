"""Notices about shifts, with the clock moved by hand. `NOW` is a Monday, 13:00 in Berlin."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from tests.factories.identity import NOW, make_team, make_user
from tests.factories.notifications import make_contact_method
from tests.factories.oncall import main_layer, make_override, make_rota

from evenfall.identity.models import Team, User
from evenfall.notifications.models import Notice
from evenfall.oncall import actions, drains
from evenfall.oncall.logic.handovers import LookAhead
from evenfall.oncall.models import ShiftNotice
from evenfall.oncall.ports import LieutenantKind, LieutenantRule
from evenfall.platform.events import SYSTEM

pytestmark = pytest.mark.django_db
NEXT_MONDAY = datetime.fromisoformat("2026-03-09T08:00Z")  # 09:00 in Berlin
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def ada() -> User:
    return _reachable("Ada")


@pytest.fixture
def ben() -> User:
    return _reachable("Ben")


@pytest.fixture
def team(ada: User, ben: User) -> Team:
    return make_team(members=[ada, ben])


@pytest.fixture
def rota_id(ada: User, ben: User, team: Team) -> int:
    """Ada has the week of NOW, Ben the next one."""
    return make_rota(ada, ben, team=team, now=NOW - DAY)


def _reachable(name: str) -> User:
    user = make_user(name, time_zone="Europe/Berlin")
    make_contact_method(user)
    return user


def _run(*moments: datetime) -> None:
    """Let the workers look at these moments."""
    for now in moments:
        while drains.plan_notices(now).done:
            pass
        while drains.tell_shifts(now).done:
            pass


def _titles(user: User, kind: str = "inbox") -> list[str]:
    rows = Notice.objects.filter(user=user, kind=kind, purpose="shift").order_by("id")
    return [row.content["title"] for row in rows]


def _lines(user: User, title: str) -> list[str]:
    row = Notice.objects.get(user=user, kind="inbox", content__title=title)
    lines: list[str] = row.content["lines"]
    return lines


def _hours(start: datetime, end: datetime) -> Iterator[datetime]:
    while start <= end:
        yield start
        start += HOUR


def test_a_week_is_announced_handed_over_and_each_told_once(
    rota_id: int, ada: User, ben: User
) -> None:
    _run(*_hours(NOW, NEXT_MONDAY + HOUR))
    assert _titles(ada)[-1] == "You are not on call any more: Payments"
    assert _titles(ben) == [
        "You are on call from Mon 2026-03-09 09:00: Payments",
        "You are on call now: Payments",
    ]
    announced = Notice.objects.get(user=ben, kind="inbox", content__title=_titles(ben)[0])
    assert announced.planned_at == NEXT_MONDAY - DAY
    assert announced.urgency == "low"
    assert _titles(ben, "email") == _titles(ben)


def test_nothing_is_told_twice_after_a_restart(rota_id: int, ben: User) -> None:
    _run(NEXT_MONDAY - DAY, NEXT_MONDAY)
    told = _titles(ben)
    actions.replan(rota_ids=[rota_id], now=NEXT_MONDAY)
    _run(NEXT_MONDAY, NEXT_MONDAY, NEXT_MONDAY + HOUR)
    assert _titles(ben) == told


def test_workers_that_slept_tell_late_what_still_holds(rota_id: int, ben: User) -> None:
    _run(NOW)
    _run(NEXT_MONDAY + 2 * HOUR)
    assert _titles(ben) == ["You are on call now: Payments"]
    announced = ShiftNotice.objects.get(user=ben, kind="look_ahead")
    assert (announced.state, announced.reason) == (
        "dropped",
        "It was too late: the shift had begun.",
    )


def test_a_notice_for_a_shift_that_is_no_longer_theirs_is_dropped(
    rota_id: int, ada: User, ben: User
) -> None:
    """The schedule changed and nobody planned again yet: the sender looks for itself."""
    _run(NOW)
    cy = _reachable("Cy")
    make_override(rota_id, cy, starts_at=NEXT_MONDAY, hours=168)
    while drains.tell_shifts(NEXT_MONDAY - DAY).done:
        pass
    row = ShiftNotice.objects.get(user=ben, kind="look_ahead", happens_at=NEXT_MONDAY)
    assert row.state == "dropped"
    assert "no longer theirs" in row.reason
    assert _titles(ben) == []


def test_a_change_of_the_schedule_is_planned_again_at_once(rota_id: int, ben: User) -> None:
    _run(NOW)
    cy = _reachable("Cy")
    override_id = make_override(rota_id, cy, starts_at=NEXT_MONDAY, hours=168)
    actions.replan(rota_ids=[rota_id], now=NOW + HOUR / 2)
    _run(NOW + HOUR / 2)
    assert ShiftNotice.objects.filter(user=cy, state="planned").count() == 4
    mine = ShiftNotice.objects.filter(user=ben, happens_at=NEXT_MONDAY)
    assert set(mine.values_list("state", flat=True)) == {"dropped"}
    actions.cancel_override(rota_id=rota_id, override_id=override_id, now=NOW + HOUR, actor=SYSTEM)
    actions.replan(rota_ids=[rota_id], now=NOW + HOUR)
    _run(NOW + HOUR)
    assert set(mine.values_list("state", flat=True)) == {"planned"}


def test_who_takes_the_pager_is_told_at_once_and_so_is_the_one_relieved(
    rota_id: int, ada: User, ben: User
) -> None:
    actions.take_duty(rota_id=rota_id, user_id=ben.id, now=NOW, actor=f"user:{ben.id}")
    _run(NOW + timedelta(seconds=2))
    assert _titles(ben) == ["You are on call now: Payments"]
    assert "You are not on call any more: Payments" in _titles(ada)
    assert "Ben took over." in _lines(ada, "You are not on call any more: Payments")


def test_primary_who_becomes_lieutenant_hears_of_one_change(ada: User, ben: User) -> None:
    rule = LieutenantRule(kind=LieutenantKind.PREVIOUS)
    make_rota(ada, ben, lieutenant=rule, now=NOW - DAY)
    _run(NOW, NEXT_MONDAY)
    assert _titles(ada)[-1] == "You are lieutenant now: Payments"
    assert "You are not on call any more: Payments" not in _titles(ada)


def test_a_deleted_rota_tells_its_last_hand_over_and_is_forgotten(rota_id: int, ada: User) -> None:
    _run(NOW)
    actions.delete_rota(rota_id=rota_id, now=NOW + HOUR, actor=SYSTEM)
    actions.replan(rota_ids=[rota_id], now=NOW + HOUR)
    _run(NOW + HOUR, NOW + 2 * DAY)
    assert _titles(ada)[-1] == "You are not on call any more: Payments"
    assert "Nobody took over." in _lines(ada, _titles(ada)[-1])
    assert drains.plan_notices(NOW + 2 * DAY).next_due is None
    assert ShiftNotice.objects.filter(state="planned").count() == 0


def test_look_ahead_follows_the_wish_of_the_person(rota_id: int, ben: User) -> None:
    _run(NOW)
    actions.save_notice_wish(
        user_id=ben.id,
        look_ahead=LookAhead.OFF,
        summary=None,
        now=NOW + HOUR,
        actor=f"user:{ben.id}",
    )
    _run(NOW + HOUR)
    row = ShiftNotice.objects.get(user=ben, kind="look_ahead", happens_at=NEXT_MONDAY)
    assert row.state == "dropped"
    actions.save_notice_wish(
        user_id=ben.id,
        look_ahead=LookAhead.WEEK,
        summary=None,
        now=NOW + 2 * HOUR,
        actor=f"user:{ben.id}",
    )
    _run(NOW + 2 * HOUR)
    assert _titles(ben) == ["You are on call from Mon 2026-03-09 09:00: Payments"]


def test_at_night_only_mail_and_inbox_are_used(ada: User, ben: User) -> None:
    """Hand-over at 02:00 in Berlin: a push would wake for what can wait."""
    make_contact_method(ben, kind="webpush", address="https://push.example.org/1")
    layer = main_layer(ada, ben, starts_at="2026-03-02 02:00")
    make_rota(layers=[layer], now=NOW - DAY)
    saturday_evening = datetime.fromisoformat("2026-03-07T19:00Z")
    _run(NOW, saturday_evening, NEXT_MONDAY - 7 * HOUR)
    assert _titles(ben, "email")[-1] == "You are on call now: Payments"
    assert "You are on call now: Payments" not in _titles(ben, "webpush")
    assert _titles(ben, "webpush") == ["You are on call from Mon 2026-03-09 02:00: Payments"]


def test_people_who_may_not_sign_in_any_more_are_not_told(rota_id: int, ben: User) -> None:
    _run(NOW)
    ben.is_active = False
    ben.save()
    _run(NEXT_MONDAY)
    assert _titles(ben) == []
    row = ShiftNotice.objects.get(user=ben, kind="begins", happens_at=NEXT_MONDAY)
    assert row.reason == "They may not sign in any more."


def test_what_was_told_long_ago_is_forgotten(rota_id: int, ben: User) -> None:
    _run(NOW, NEXT_MONDAY)
    assert ShiftNotice.objects.filter(user=ben, kind="begins").exists()
    _run(NEXT_MONDAY + 91 * DAY)
    assert not ShiftNotice.objects.filter(happens_at=NEXT_MONDAY).exists()


def test_what_is_wanted_later_meanwhile_waits(rota_id: int, ben: User) -> None:
    """The wish changed and the sender comes before the plan is made again."""
    _run(NOW)
    actions.save_notice_wish(
        user_id=ben.id,
        look_ahead=LookAhead.HOUR,
        summary=None,
        now=NEXT_MONDAY - DAY,
        actor=SYSTEM,
    )
    while drains.tell_shifts(NEXT_MONDAY - DAY).done:
        pass
    assert _titles(ben) == []
    row = ShiftNotice.objects.get(user=ben, kind="look_ahead", happens_at=NEXT_MONDAY)
    assert (row.state, row.due_at) == ("planned", NEXT_MONDAY - HOUR)
