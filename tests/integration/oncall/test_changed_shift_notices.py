"""Shifts that were announced and then changed. `NOW` is a Monday, 13:00 in Berlin."""

from datetime import datetime, timedelta

import pytest
from tests.factories.identity import NOW, make_team, make_user
from tests.factories.notifications import make_contact_method
from tests.factories.oncall import main_layer, make_override, make_rota

from evenfall.identity.models import User
from evenfall.notifications.models import Notice
from evenfall.oncall import actions, drains
from evenfall.oncall.models import ShiftNotice
from evenfall.oncall.ports import LieutenantRule, Role
from evenfall.platform.events import SYSTEM

pytestmark = pytest.mark.django_db
NEXT_MONDAY = datetime.fromisoformat("2026-03-09T08:00Z")  # 09:00 in Berlin
ANNOUNCED = NEXT_MONDAY - timedelta(days=1)
LATER = ANNOUNCED + timedelta(hours=1)
MINUTE = timedelta(minutes=1)
COMES = "You are on call from Mon 2026-03-09 09:00: Payments"
TAKEN = "You are not on call from Mon 2026-03-09 09:00 after all: Payments"


@pytest.fixture
def ada() -> User:
    return _reachable("Ada")


@pytest.fixture
def ben() -> User:
    return _reachable("Ben")


@pytest.fixture
def rota_id(ada: User, ben: User) -> int:
    """Ada has the week of NOW, Ben the next one; he was told of it."""
    made = make_rota(ada, ben, team=make_team(members=[ada, ben]), now=NOW - timedelta(days=1))
    _run(NOW, ANNOUNCED)
    return made


def _reachable(name: str) -> User:
    user = make_user(name, time_zone="Europe/Berlin")
    make_contact_method(user)
    return user


def _run(*moments: datetime) -> None:
    for now in moments:
        while drains.plan_notices(now).done:
            pass
        while drains.tell_shifts(now).done:
            pass


def _replanned(rota_id: int, now: datetime) -> None:
    """What the reaction to a change does, then what the workers do."""
    actions.replan(rota_ids=[rota_id], now=now)
    _run(now, now + 6 * MINUTE)


def _titles(user: User) -> list[str]:
    rows = Notice.objects.filter(user=user, kind="inbox", purpose="shift").order_by("id")
    return [row.content["title"] for row in rows]


def test_whoever_lost_an_announced_shift_is_told_who_has_it(
    rota_id: int, ada: User, ben: User
) -> None:
    make_override(rota_id, ada, starts_at=NEXT_MONDAY, hours=200)
    _replanned(rota_id, LATER)
    assert _titles(ben) == [COMES, TAKEN]
    notice = Notice.objects.get(user=ben, kind="inbox", content__title=TAKEN)
    assert notice.content["lines"][0] == "At Mon 2026-03-09 09:00 Ada is on call."
    assert notice.urgency == "low"
    _run(LATER + timedelta(hours=1), NEXT_MONDAY)
    assert _titles(ben) == [COMES, TAKEN]


def test_a_change_that_is_corrected_at_once_alarms_nobody(
    rota_id: int, ada: User, ben: User
) -> None:
    override_id = make_override(rota_id, ada, starts_at=NEXT_MONDAY, hours=200)
    actions.replan(rota_ids=[rota_id], now=LATER)
    _run(LATER)
    actions.cancel_override(rota_id=rota_id, override_id=override_id, now=LATER, actor=SYSTEM)
    _replanned(rota_id, LATER + MINUTE)
    assert _titles(ben) == [COMES]
    row = ShiftNotice.objects.get(user=ben, kind="changed")
    assert (row.state, row.reason) == (
        "dropped",
        "The shift is theirs again, as it was announced.",
    )


def test_a_shift_that_comes_back_is_announced_again_and_may_be_lost_again(
    rota_id: int, ada: User, ben: User
) -> None:
    override_id = make_override(rota_id, ada, starts_at=NEXT_MONDAY, hours=200)
    _replanned(rota_id, LATER)
    again = LATER + timedelta(hours=1)
    actions.cancel_override(rota_id=rota_id, override_id=override_id, now=again, actor=SYSTEM)
    _replanned(rota_id, again)
    assert _titles(ben) == [COMES, TAKEN, COMES]
    make_override(rota_id, ada, starts_at=NEXT_MONDAY, hours=200)
    _replanned(rota_id, again + timedelta(hours=1))
    assert _titles(ben) == [COMES, TAKEN, COMES, TAKEN]


def test_a_shift_that_moved_is_told_with_both_times_and_once(
    rota_id: int, ada: User, ben: User
) -> None:
    make_override(rota_id, ada, starts_at=NEXT_MONDAY, hours=12)
    _replanned(rota_id, LATER)
    _run(LATER + timedelta(hours=1), NEXT_MONDAY)
    moved = "You are on call from Mon 2026-03-09 21:00, not from Mon 2026-03-09 09:00: Payments"
    assert _titles(ben) == [COMES, moved]


def test_a_deleted_rota_takes_its_announced_shifts_away(rota_id: int, ben: User) -> None:
    actions.delete_rota(rota_id=rota_id, now=LATER, actor=SYSTEM)
    _replanned(rota_id, LATER)
    assert _titles(ben) == [COMES, TAKEN]


def test_somebody_who_left_is_told_nothing(rota_id: int, ada: User, ben: User) -> None:
    make_override(rota_id, ada, starts_at=NEXT_MONDAY, hours=200)
    User.objects.filter(id=ben.id).update(is_active=False)
    _replanned(rota_id, LATER)
    assert _titles(ben) == [COMES]
    assert ShiftNotice.objects.get(user=ben, kind="changed").state == "dropped"


def test_a_change_that_nobody_planned_again_is_looked_at_when_it_is_told(
    rota_id: int, ada: User, ben: User
) -> None:
    override_id = make_override(rota_id, ada, starts_at=NEXT_MONDAY, hours=200)
    actions.replan(rota_ids=[rota_id], now=LATER)
    _run(LATER)
    actions.cancel_override(rota_id=rota_id, override_id=override_id, now=LATER, actor=SYSTEM)
    while drains.tell_shifts(LATER + 6 * MINUTE).done:
        pass
    assert _titles(ben) == [COMES]


def test_a_shadow_is_told_of_its_shift_and_never_checked(ada: User) -> None:
    """Cy has no way to be reached but the inbox: a shadow is not asked to mend that."""
    cy = make_user("Cy", time_zone="Europe/Berlin")
    rota = actions.create_rota(
        team_id=make_team(members=[ada, cy]).id,
        name="Payments",
        zone="Europe/Berlin",
        layers=[main_layer(ada)],
        lieutenant=LieutenantRule(),
        shadows=[main_layer(None, cy)],
        now=NOW - timedelta(days=1),
        actor=SYSTEM,
    )
    _run(NOW, ANNOUNCED, NEXT_MONDAY, NEXT_MONDAY + timedelta(weeks=1))
    assert _titles(cy) == [
        "You are shadow from Mon 2026-03-09 09:00: Payments",
        "You are shadow now: Payments",
        "You are not shadow any more: Payments",
    ]
    begins = Notice.objects.get(user=cy, kind="inbox", content__title=_titles(cy)[1])
    assert len(begins.content["lines"]) == 2
    rows = ShiftNotice.objects.filter(rota_id=rota, role=Role.SHADOW.value)
    assert set(rows.values_list("kind", flat=True)) == {"look_ahead", "begins", "ends"}
