from datetime import timedelta

import pytest
from tests.factories.identity import NOW, make_membership, make_team, make_user
from tests.factories.oncall import make_override, make_rota

from evenfall.identity.models import User
from evenfall.identity.permissions import Role
from evenfall.identity.queries import viewer_of_user
from evenfall.notifications.models import Notice
from evenfall.oncall import actions, errors, queries
from evenfall.oncall.logic.away import Kind
from evenfall.oncall.models import Override, StandIn
from evenfall.oncall.ports import LieutenantKind, LieutenantRule
from evenfall.oncall.queries import absence_boards
from evenfall.platform import journal, reactions

pytestmark = pytest.mark.django_db
NEXT = LieutenantRule(kind=LieutenantKind.NEXT)
DAY = timedelta(days=1)


@pytest.fixture
def four() -> list[User]:
    return [make_user(name) for name in ("Ada", "Bo", "Cy", "Di")]


def _ill(user: User, days: float = 2) -> int:
    return actions.add_absence(
        user_id=user.id,
        kind=Kind.SICK,
        starts_at=NOW,
        ends_at=NOW + days * DAY,
        now=NOW,
        actor=f"user:{user.id}",
    )


def _on_call(rota_id: int, *, after: timedelta = timedelta(0)) -> tuple[str, str]:
    found = queries.rotas_now(queries.rotas([rota_id]), at=NOW + after)[0]
    return (
        found.primary.name if found.primary else "",
        found.lieutenant.name if found.lieutenant else "",
    )


def test_the_lieutenant_steps_up_at_once_and_somebody_becomes_lieutenant(four: list[User]) -> None:
    rota_id = make_rota(*four, lieutenant=NEXT)
    assert _on_call(rota_id) == ("Ada", "Bo")
    _ill(four[0])
    assert _on_call(rota_id) == ("Bo", "Cy")
    assert _on_call(rota_id, after=2 * DAY) == ("Ada", "Bo")


def test_the_note_of_the_override_tells_nothing_private(four: list[User]) -> None:
    make_rota(*four, lieutenant=NEXT)
    _ill(four[0])
    notes = list(Override.objects.values_list("note", flat=True))
    assert notes
    assert not any("ill" in note or "sick" in note or "Ada" in note for note in notes)


def test_cancelling_the_absence_ends_exactly_what_it_caused(four: list[User]) -> None:
    rota_id = make_rota(*four, lieutenant=NEXT)
    by_hand = make_override(rota_id, four[3], starts_at=NOW + 4 * DAY)
    absence_id = _ill(four[0])
    caused = set(StandIn.objects.values_list("override_id", flat=True))
    later = NOW + timedelta(hours=3)
    actions.cancel_absence(absence_id=absence_id, now=later, actor="system")
    left = set(Override.objects.filter(cancelled_at=None).values_list("id", flat=True))
    assert left == {by_hand}
    assert len(caused) == 2
    assert _on_call(rota_id, after=timedelta(hours=1)) == ("Bo", "Cy")
    assert _on_call(rota_id, after=timedelta(hours=3)) == ("Ada", "Bo")


def test_a_shorter_absence_cuts_what_is_too_long(four: list[User]) -> None:
    rota_id = make_rota(*four, lieutenant=NEXT)
    absence_id = _ill(four[0])
    actions.change_absence(
        absence_id=absence_id,
        kind=Kind.SICK,
        starts_at=NOW,
        ends_at=NOW + DAY,
        now=NOW + timedelta(hours=1),
        actor="system",
    )
    assert _on_call(rota_id, after=timedelta(hours=20)) == ("Bo", "Cy")
    assert _on_call(rota_id, after=timedelta(hours=25)) == ("Ada", "Bo")


def test_when_nobody_is_left_the_leads_are_told(four: list[User]) -> None:
    team, lead = make_team(), make_user("Lee")
    make_membership(team, lead, Role.MANAGER)
    rota_id = make_rota(four[0], team=team)
    _ill(four[0])
    assert _on_call(rota_id) == ("", "")
    notice = Notice.objects.get(user=lead, kind="inbox")
    assert notice.urgency == "high"
    assert "Nobody is on call for Payments" in notice.content["title"]
    before = Notice.objects.count()
    actions.stand_in(rota_ids=[rota_id], now=NOW + timedelta(hours=1))
    assert Notice.objects.count() == before


def test_saying_ill_twice_is_saying_it_once(four: list[User]) -> None:
    first = actions.report_ill(user_id=four[0].id, zone="Europe/Berlin", now=NOW, actor="system")
    again = actions.report_ill(user_id=four[0].id, zone="Europe/Berlin", now=NOW, actor="system")
    assert first == again
    assert queries.absence(first).ends_at.hour == 23


def test_the_pager_is_taken_for_some_hours(four: list[User]) -> None:
    rota_id = make_rota(*four)
    actions.take_duty(rota_id=rota_id, user_id=four[2].id, hours=3, now=NOW, actor="system")
    assert _on_call(rota_id)[0] == "Cy"
    assert _on_call(rota_id, after=timedelta(hours=3))[0] == "Ada"
    passed = [
        e for e in journal.entries(subject=f"rota:{rota_id}") if e.kind == "oncall.duty_passed"
    ]
    assert passed[0].data["from_user_id"] == four[0].id


def test_who_is_away_cannot_take_the_pager(four: list[User]) -> None:
    rota_id = make_rota(*four)
    _ill(four[2])
    with pytest.raises(errors.AwayNow):
        actions.take_duty(rota_id=rota_id, user_id=four[2].id, now=NOW, actor="system")


def _cancel_by_hand(rota_id: int, user: User, role: str = "primary") -> int:
    row = Override.objects.get(rota_id=rota_id, role=role, cancelled_at=None)
    actions.cancel_override(rota_id=rota_id, override_id=row.id, now=NOW, actor=f"user:{user.id}")
    return row.id


def test_a_stand_in_that_somebody_cancelled_stays_cancelled(four: list[User]) -> None:
    """The person is away and on call all the same, as somebody decided."""
    rota_id = make_rota(*four, lieutenant=NEXT)
    _ill(four[0])
    _cancel_by_hand(rota_id, four[3])
    reactions.react_now(NOW)
    assert _on_call(rota_id) == ("Ada", "Bo")
    for hours in (1, 30):
        later = NOW + timedelta(hours=hours)
        assert actions.stand_in_everywhere(now=later) == 0
    assert _on_call(rota_id, after=DAY) == ("Ada", "Bo")


def test_another_absence_asks_anew(four: list[User]) -> None:
    rota_id = make_rota(*four, lieutenant=NEXT)
    _ill(four[0])
    _cancel_by_hand(rota_id, four[3])
    reactions.react_now(NOW)
    actions.add_absence(
        user_id=four[0].id,
        kind=Kind.HOLIDAY,
        starts_at=NOW + DAY,
        ends_at=NOW + 4 * DAY,
        now=NOW,
        actor="system",
    )
    assert _on_call(rota_id) == ("Ada", "Bo")
    # the first absence was decided about, the second one goes on after it
    assert _on_call(rota_id, after=3 * DAY)[0] != "Ada"


def test_a_new_lieutenant_that_somebody_cancelled_stays_cancelled(four: list[User]) -> None:
    rota_id = make_rota(*four, lieutenant=NEXT)
    _ill(four[1])
    assert _on_call(rota_id) == ("Ada", "Cy")
    _cancel_by_hand(rota_id, four[3], "lieutenant")
    reactions.react_now(NOW)
    assert _on_call(rota_id) == ("Ada", "Bo")


def test_the_absence_says_who_decided_that_nobody_stands_in(four: list[User]) -> None:
    rota_id = make_rota(*four, lieutenant=NEXT)
    absence_id = _ill(four[0])
    viewer = viewer_of_user(four[0])
    line = absence_boards.absence_line(viewer, absence_id)
    assert line.stand_ins == ("Bo stands in for Payments",)
    _cancel_by_hand(rota_id, four[3])
    reactions.react_now(NOW)
    line = absence_boards.absence_line(viewer, absence_id)
    assert line.stand_ins == ("stays on call for Payments: Di cancelled that somebody stands in",)


def test_what_ends_with_the_absence_was_not_decided_by_hand(four: list[User]) -> None:
    rota_id = make_rota(*four, lieutenant=NEXT)
    absence_id = _ill(four[0])
    actions.cancel_absence(absence_id=absence_id, now=NOW, actor=f"user:{four[0].id}")
    assert set(Override.objects.values_list("cancelled_by", flat=True)) == {"system"}
    _ill(four[0])
    assert _on_call(rota_id) == ("Bo", "Cy")
