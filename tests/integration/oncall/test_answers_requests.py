"""What users of other tools complained about, and how this one answers it."""

from datetime import datetime, timedelta

import pytest
from tests.factories.identity import NOW, make_team, make_user
from tests.factories.oncall import main_layer, make_override, make_rota

from evenfall.identity.models import User
from evenfall.notifications import queries as notifications_queries
from evenfall.oncall import actions, errors, queries
from evenfall.oncall.logic.requests import OfferState, RequestState, Way
from evenfall.oncall.ports import Duty, LieutenantRule, OverrideKind, Role
from evenfall.platform import reactions

pytestmark = pytest.mark.django_db

WEEK, HOUR = timedelta(weeks=1), timedelta(hours=1)
MONDAY = NOW.replace(hour=8)  # 09:00 in Berlin, in winter
BEN_WEEK, CAT_WEEK = MONDAY + WEEK, MONDAY + 2 * WEEK


@pytest.fixture
def people() -> tuple[User, User, User]:
    return make_user("Ada"), make_user("Ben"), make_user("Cat")


@pytest.fixture
def rota_id(people: tuple[User, User, User]) -> int:
    """Ada has the week of NOW, then Ben, then Cat."""
    return make_rota(*people, team=make_team(members=people), now=MONDAY)


def _cover(rota_id: int, asker: User, **rest: object) -> int:
    given = {"asker_id": asker.id, "shift_at": BEN_WEEK, "now": NOW, "actor": "system"}
    return actions.request_cover(rota_id=rota_id, **{**given, **rest})  # type: ignore[arg-type] # passed on as given


def _swap(rota_id: int, asker: User, other: User, shift_at: datetime, back_at: datetime) -> int:
    return actions.request_swap(
        rota_id=rota_id,
        asker_id=asker.id,
        shift_at=shift_at,
        person_id=other.id,
        back_at=back_at,
        now=NOW,
        actor="system",
    )


def _accept(request_id: int, user: User) -> None:
    actions.accept_request(request_id=request_id, user_id=user.id, now=NOW, actor="system")


def _move_hand_over(rota_id: int, people: tuple[User, User, User], to: str) -> None:
    actions.replan_rota(
        rota_id=rota_id,
        layers=[main_layer(*people, starts_at=f"2026-03-02 {to}")],
        lieutenant=LieutenantRule(),
        now=NOW,
        actor="system",
    )
    reactions.react_now(NOW)


def _spans(rota_id: int, starts_at: datetime, ends_at: datetime) -> list[Duty]:
    spans = queries.final_schedule(rota_id, starts_at=starts_at, ends_at=ends_at)
    return [span for span in spans if span.role is Role.PRIMARY]


def _who(rota_id: int, starts_at: datetime, ends_at: datetime) -> list[tuple[int, datetime]]:
    return [(one.user_id, one.starts_at) for one in _spans(rota_id, starts_at, ends_at)]


def test_grafana_oncall_4182_an_agreed_swap_moves_with_its_shifts(
    rota_id: int, people: tuple[User, User, User]
) -> None:
    """The hand-over was moved by an hour, and swaps agreed before stayed at the old time."""
    ada, ben, cat = people
    request_id = _swap(rota_id, ben, cat, BEN_WEEK, CAT_WEEK)
    _accept(request_id, cat)
    _move_hand_over(rota_id, people, "08:00")
    assert _who(rota_id, BEN_WEEK - HOUR, CAT_WEEK + WEEK) == [
        (cat.id, BEN_WEEK - HOUR),
        (ben.id, CAT_WEEK - HOUR),
        (ada.id, CAT_WEEK + WEEK - HOUR),
    ]
    shown = queries.request(request_id)
    assert (shown.state, shown.starts_at) == (RequestState.ACCEPTED, BEN_WEEK - HOUR)
    assert "moved" in [step.kind for step in queries.request_trace(request_id)]


def test_grafana_oncall_4182_a_wish_nobody_answered_yet_moves_too(
    rota_id: int, people: tuple[User, User, User]
) -> None:
    """Also before the yes: it is the shift that is asked for and not hours of a clock."""
    _, ben, cat = people
    request_id = _cover(rota_id, ben, way=Way.PERSON, person_id=cat.id)
    _move_hand_over(rota_id, people, "10:00")
    shown = queries.request(request_id)
    assert (shown.starts_at, shown.ends_at) == (BEN_WEEK + HOUR, CAT_WEEK + HOUR)
    assert shown.expires_at == BEN_WEEK + HOUR
    _accept(request_id, cat)
    assert [user_id for user_id, _ in _who(rota_id, BEN_WEEK + HOUR, CAT_WEEK + HOUR)] == [cat.id]


def test_grafana_oncall_4182_over_the_change_of_the_clocks_it_stays_the_shift(
    rota_id: int, people: tuple[User, User, User]
) -> None:
    """Ada's week from 23 March has 167 hours, and whoever covers it has all of them."""
    ada, ben, _ = people
    starts_at = MONDAY + 3 * WEEK
    request_id = _cover(rota_id, ada, shift_at=starts_at, way=Way.PERSON, person_id=ben.id)
    _accept(request_id, ben)
    (span,) = _spans(rota_id, starts_at, starts_at + 167 * HOUR)
    assert (span.user_id, span.ends_at - span.starts_at) == (ben.id, 167 * HOUR)
    after = queries.final_schedule(
        rota_id, starts_at=starts_at + 167 * HOUR, ends_at=starts_at + 168 * HOUR
    )
    assert [one.why.startswith("Turn") for one in after] == [True]


def test_grafana_oncall_4182_a_shift_that_is_gone_ends_the_wish_with_a_reason(
    rota_id: int, people: tuple[User, User, User]
) -> None:
    """Nothing is left that looks agreed and does nothing."""
    ada, ben, cat = people
    request_id = _cover(rota_id, ben, way=Way.PERSON, person_id=cat.id)
    _move_hand_over(rota_id, (ada, cat, ben), "09:00")
    shown = queries.request(request_id)
    assert (shown.state, shown.reason) == (
        RequestState.OVERTAKEN,
        "The shift is gone or somebody else has it now.",
    )
    with pytest.raises(errors.RequestOver, match="gone or somebody else"):
        _accept(request_id, cat)


def test_grafana_oncall_2844_no_swap_of_time_in_which_one_is_not_on_call(
    rota_id: int, people: tuple[User, User, User]
) -> None:
    """A swap for days without duty was accepted, was invisible, and came alive much later."""
    ada, _, cat = people
    with pytest.raises(errors.NoShiftThen, match="Ada is not on call by this rota at that time"):
        _cover(rota_id, ada, shift_at=BEN_WEEK)
    with pytest.raises(errors.NoShiftThen, match="Cat is not on call"):
        _swap(rota_id, ada, cat, MONDAY, BEN_WEEK)
    assert queries.live_requests() == []


def test_grafana_oncall_2844_no_swap_with_oneself(
    rota_id: int, people: tuple[User, User, User]
) -> None:
    """A swap that would change nothing is refused with what to do."""
    _, ben, _ = people
    with pytest.raises(errors.PersonToAsk, match="one other person"):
        _swap(rota_id, ben, ben, BEN_WEEK, BEN_WEEK + 3 * WEEK)


def test_grafana_oncall_1304_whoever_carried_least_is_asked_first(
    rota_id: int, people: tuple[User, User, User]
) -> None:
    """There was no sum of hours by person, so nobody knew whom to ask fairly."""
    _, ben, cat = people
    make_rota(cat, team=make_team("Other"), name="Night", now=NOW - WEEK)
    now = MONDAY + timedelta(days=1)
    request_id = _cover(rota_id, ben, shift_at=BEN_WEEK + 3 * WEEK, now=now, way=Way.EVERYBODY)
    found = queries.candidates(
        rota_id,
        role=Role.PRIMARY,
        asker_id=ben.id,
        starts_at=BEN_WEEK,
        ends_at=BEN_WEEK + HOUR,
        now=now,
    )
    assert [one.name for one in found] == ["Ada", "Cat"]
    assert [offer.name for offer in queries.request(request_id).offers] == ["Ada"]


def test_grafana_oncall_395_the_team_is_asked_for_cover_and_the_first_yes_counts(
    rota_id: int, people: tuple[User, User, User]
) -> None:
    """Asking around by hand, and entering the override afterwards, was everybody's own work."""
    ada, ben, cat = people
    request_id = _cover(rota_id, ben, way=Way.EVERYBODY, note="dentist")
    for user in (ada, cat):
        notices = notifications_queries.notices_for(f"oncall_request:{request_id}")
        mine = [notice for notice in notices if notice.user_id == user.id]
        assert [notice.title for notice in mine] == ["Ben asks you to take a shift"]
        assert mine[0].url.endswith(f"/oncall/requests/{request_id}/")
    _accept(request_id, cat)
    assert [user_id for user_id, _ in _who(rota_id, BEN_WEEK, CAT_WEEK)] == [cat.id]
    states = {offer.name: offer.state for offer in queries.request(request_id).offers}
    assert states == {"Ada": OfferState.CLOSED, "Cat": OfferState.ACCEPTED}
    with pytest.raises(errors.RequestOver):
        _accept(request_id, ada)


def test_goalert_929_an_override_without_effect_is_refused_with_the_reason(
    rota_id: int, people: tuple[User, User, User]
) -> None:
    """Something above it had all the time, and nothing said that it did nothing."""
    _, ben, cat = people
    with pytest.raises(errors.OverrideWithoutEffect, match="Ben is on call then already"):
        make_override(rota_id, ben, starts_at=BEN_WEEK)
    for kind, words in ((OverrideKind.ADD, "there is no gap then"),):
        with pytest.raises(errors.OverrideWithoutEffect, match=words):
            _override(rota_id, kind, user_id=cat.id)
    with pytest.raises(errors.OverrideWithoutEffect, match="Cat is not on call then"):
        _override(rota_id, OverrideKind.REMOVE, instead_of_id=cat.id)


def test_goalert_929_one_that_lost_its_effect_later_is_known(
    rota_id: int, people: tuple[User, User, User]
) -> None:
    """A later override covers an earlier one: the list can say so."""
    ada, _, cat = people
    below = make_override(rota_id, cat, starts_at=BEN_WEEK)
    assert queries.ineffective(rota_id, now=NOW) == set()
    make_override(rota_id, ada, starts_at=BEN_WEEK - HOUR, hours=8)
    assert queries.ineffective(rota_id, now=NOW) == {below}


def test_goalert_pr_4306_replace_takes_over_only_from_the_one_it_names(
    rota_id: int, people: tuple[User, User, User]
) -> None:
    """It was carried out as a removal and an addition, and put people on call out of turn."""
    ada, ben, cat = people
    _override(rota_id, OverrideKind.REPLACE, user_id=cat.id, instead_of_id=ben.id, days=(-2, 2))
    assert _who(rota_id, BEN_WEEK - timedelta(days=2), BEN_WEEK + timedelta(days=3)) == [
        (ada.id, BEN_WEEK - timedelta(days=2)),
        (cat.id, BEN_WEEK),
        (ben.id, BEN_WEEK + timedelta(days=2)),
    ]


def _override(
    rota_id: int,
    kind: OverrideKind,
    *,
    user_id: int | None = None,
    instead_of_id: int | None = None,
    days: tuple[int, int] = (0, 1),
) -> int:
    return actions.add_override(
        rota_id=rota_id,
        kind=kind,
        user_id=user_id,
        instead_of_id=instead_of_id,
        starts_at=BEN_WEEK + timedelta(days=days[0]),
        ends_at=BEN_WEEK + timedelta(days=days[1]),
        now=NOW,
        actor="system",
    )


def test_goalert_929_the_page_of_the_rota_marks_one_without_effect(
    rota_id: int, people: tuple[User, User, User]
) -> None:
    """What does nothing says so where people look for it."""
    ada, _, cat = people
    below = make_override(rota_id, cat, starts_at=BEN_WEEK)
    above = make_override(rota_id, ada, starts_at=BEN_WEEK - HOUR, hours=8)
    lines = queries.override_lines(rota_id, now=NOW)
    assert {line.override.id: line.has_effect for line in lines} == {below: False, above: True}
