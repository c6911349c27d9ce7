"""Cover and swap requests: what changes only when somebody says yes."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from tests.factories.identity import NOW, make_team, make_user
from tests.factories.oncall import main_layer, make_override, make_rota

from evenfall.identity.models import Team, User
from evenfall.notifications import queries as notifications_queries
from evenfall.oncall import actions, errors, queries
from evenfall.oncall.logic.requests import OfferState, RequestState, Way
from evenfall.oncall.models import Absence
from evenfall.oncall.ports import Duty, LieutenantKind, LieutenantRule, Role
from evenfall.platform import reactions

pytestmark = pytest.mark.django_db

MONDAY = NOW.replace(hour=8)  # 09:00 in Berlin
WEEK = timedelta(weeks=1)
BEN_WEEK = MONDAY + WEEK
CAT_WEEK = MONDAY + 2 * WEEK


@pytest.fixture
def ada() -> User:
    return make_user("Ada")


@pytest.fixture
def ben() -> User:
    return make_user("Ben")


@pytest.fixture
def cat() -> User:
    return make_user("Cat")


@pytest.fixture
def team(ada: User, ben: User, cat: User) -> Team:
    return make_team(members=[ada, ben, cat])


@pytest.fixture
def rota_id(ada: User, ben: User, cat: User, team: Team) -> int:
    """Ada has the week of NOW, then Ben, then Cat."""
    return make_rota(ada, ben, cat, team=team, now=MONDAY)


type Ask = Callable[..., int]


@pytest.fixture
def ask(rota_id: int, ben: User) -> Ask:
    """Ben asks to be relieved of his week."""

    def asked(**rest: object) -> int:
        given = {"asker_id": ben.id, "shift_at": BEN_WEEK, "now": NOW, "actor": f"user:{ben.id}"}
        return actions.request_cover(rota_id=rota_id, **{**given, **rest})  # type: ignore[arg-type] # passed on as given

    return asked


def _spans(rota_id: int, starts_at: datetime, ends_at: datetime) -> list[Duty]:
    spans = queries.final_schedule(rota_id, starts_at=starts_at, ends_at=ends_at)
    return [span for span in spans if span.role is Role.PRIMARY]


def _people(rota_id: int, starts_at: datetime, ends_at: datetime) -> list[int]:
    return [span.user_id for span in _spans(rota_id, starts_at, ends_at)]


def _titles(user: User, request_id: int) -> list[str]:
    notices = notifications_queries.notices_for(f"oncall_request:{request_id}")
    return [notice.title for notice in notices if notice.user_id == user.id]


def _asked(request_id: int) -> dict[str, OfferState]:
    return {offer.name: offer.state for offer in queries.request(request_id).offers}


def _accept(request_id: int, user: User, now: datetime = NOW) -> None:
    actions.accept_request(request_id=request_id, user_id=user.id, now=now, actor=f"user:{user.id}")


def _decline(request_id: int, user: User, now: datetime = NOW) -> None:
    actions.decline_request(
        request_id=request_id, user_id=user.id, note="Away", now=now, actor=f"user:{user.id}"
    )


def test_nothing_changes_until_somebody_says_yes(rota_id: int, ask: Ask, ben: User) -> None:
    request_id = ask()
    shown = queries.request(request_id)
    assert (shown.state, shown.starts_at, shown.ends_at) == (
        RequestState.OFFERED,
        BEN_WEEK,
        CAT_WEEK,
    )
    assert _people(rota_id, BEN_WEEK, CAT_WEEK) == [ben.id]


def test_a_yes_hands_the_shift_over_by_an_override_and_tells_both(
    rota_id: int, ask: Ask, ben: User, cat: User
) -> None:
    request_id = ask(way=Way.PERSON, person_id=cat.id, note="wedding")
    assert _titles(cat, request_id) == ["Ben asks you to take a shift"]
    _accept(request_id, cat)
    assert _people(rota_id, BEN_WEEK, CAT_WEEK) == [cat.id]
    shown = queries.request(request_id)
    (override_id,) = shown.override_ids
    made = queries.override(rota_id, override_id)
    assert (made.user_id, made.instead_of_id, made.note) == (
        cat.id,
        ben.id,
        f"cover, request {request_id}",
    )
    assert (shown.state, shown.taker, shown.reason) == (
        RequestState.ACCEPTED,
        "Cat",
        "Cat said yes.",
    )
    assert _titles(ben, request_id) == ["Cat takes your shift"]
    assert _titles(cat, request_id)[-1] == "You take a shift of Ben"


def test_a_swap_applies_both_sides_or_none(
    rota_id: int, ask: Ask, ada: User, ben: User, cat: User
) -> None:
    request_id = actions.request_swap(
        rota_id=rota_id,
        asker_id=ben.id,
        shift_at=BEN_WEEK,
        person_id=cat.id,
        back_at=CAT_WEEK,
        now=NOW,
        actor="system",
    )
    assert _people(rota_id, BEN_WEEK, CAT_WEEK + WEEK) == [ben.id, cat.id]
    assert _titles(cat, request_id) == ["Ben asks you to swap a shift"]
    _accept(request_id, cat)
    assert _people(rota_id, BEN_WEEK, CAT_WEEK + WEEK) == [cat.id, ben.id]
    assert len(queries.request(request_id).override_ids) == 2


def test_a_part_of_a_shift_is_handed_over_alone(
    rota_id: int, ask: Ask, ben: User, cat: User
) -> None:
    low, high = BEN_WEEK + timedelta(days=1), BEN_WEEK + timedelta(days=1, hours=4)
    request_id = ask(part_starts_at=low, part_ends_at=high, way=Way.PERSON, person_id=cat.id)
    assert queries.request(request_id).is_partial
    _accept(request_id, cat)
    assert _people(rota_id, BEN_WEEK, CAT_WEEK) == [ben.id, cat.id, ben.id]


@pytest.mark.parametrize("hours", [(-2, 5), (5, 24 * 9), (5, 5), (9, 5)])
def test_a_part_lies_inside_of_the_shift(ask: Ask, hours: tuple[int, int]) -> None:
    low, high = (BEN_WEEK + timedelta(hours=number) for number in hours)
    with pytest.raises(errors.PartOutsideShift):
        ask(part_starts_at=low, part_ends_at=high)


def test_one_after_the_other_is_asked_the_one_who_carried_least_first(
    ask: Ask, ada: User, ben: User, cat: User
) -> None:
    """Ada was on call today, Cat not yet."""
    request_id = ask()
    assert _asked(request_id) == {"Cat": OfferState.ASKED}
    _decline(request_id, cat)
    assert _asked(request_id) == {"Cat": OfferState.DECLINED, "Ada": OfferState.ASKED}
    assert _titles(ben, request_id) == ["Cat cannot take your shift"]
    _decline(request_id, ada)
    shown = queries.request(request_id)
    assert (shown.state, shown.reason) == (
        RequestState.DECLINED,
        "Everybody who was asked said no.",
    )


def test_silence_lets_the_next_one_be_asked_and_a_late_yes_counts(
    rota_id: int, ask: Ask, ada: User, cat: User
) -> None:
    request_id = ask()
    later = NOW + timedelta(hours=4)
    assert actions.advance_due_requests(now=later - timedelta(minutes=1)).done == 0
    assert actions.advance_due_requests(now=later).done == 1
    assert _asked(request_id) == {"Cat": OfferState.LAPSED, "Ada": OfferState.ASKED}
    _decline(request_id, ada, later)
    assert queries.request(request_id).state is RequestState.OFFERED
    _accept(request_id, cat, later)
    assert _people(rota_id, BEN_WEEK, CAT_WEEK) == [cat.id]


def test_a_request_expires_when_the_shift_begins(ask: Ask, ben: User, cat: User) -> None:
    request_id = ask(way=Way.EVERYBODY)
    assert actions.advance_due_requests(now=NOW).next_due == BEN_WEEK
    actions.advance_due_requests(now=BEN_WEEK)
    assert queries.request(request_id).state is RequestState.EXPIRED
    assert _titles(ben, request_id) == ["The request of Ben is expired"]
    assert _titles(cat, request_id)[-1] == "The request of Ben is expired"
    with pytest.raises(errors.RequestOver, match="Nobody said yes in time"):
        _accept(request_id, cat, BEN_WEEK)


def test_a_withdrawn_request_is_over(ask: Ask, cat: User) -> None:
    request_id = ask(way=Way.EVERYBODY)
    actions.withdraw_request(request_id=request_id, now=NOW, actor="system")
    assert set(_asked(request_id).values()) == {OfferState.CLOSED}
    with pytest.raises(errors.RequestOver):
        actions.withdraw_request(request_id=request_id, now=NOW, actor="system")
    with pytest.raises(errors.RequestOver):
        _decline(request_id, cat)


def test_a_volunteer_of_the_team_may_say_yes_unasked(rota_id: int, ask: Ask, ada: User) -> None:
    request_id = ask()
    assert "Ada" not in _asked(request_id)
    _accept(request_id, ada)
    assert _people(rota_id, BEN_WEEK, CAT_WEEK) == [ada.id]


def test_nobody_answers_what_was_put_to_somebody_else(
    ask: Ask, ada: User, ben: User, cat: User
) -> None:
    request_id = ask(way=Way.PERSON, person_id=cat.id)
    for user in (ada, ben):
        with pytest.raises(errors.NotAsked):
            _accept(request_id, user)
    with pytest.raises(errors.NotAsked):
        _decline(request_id, ada)


def test_people_who_are_away_on_call_or_lieutenant_are_not_asked(
    team: Team, ada: User, ben: User, cat: User
) -> None:
    rule = LieutenantRule(kind=LieutenantKind.NEXT)
    dan = make_user("Dan")
    rota_id = make_rota(ada, ben, cat, dan, team=team, name="Cards", lieutenant=rule)
    make_rota(dan, team=make_team("Other"), name="Night")
    with pytest.raises(errors.NobodyToAsk):
        # Cat is lieutenant of Ben's week, Dan is on call elsewhere, Ada is away
        _away(ada, BEN_WEEK, CAT_WEEK)
        _cover(rota_id, ben)
    with pytest.raises(errors.PersonOnCall, match="Dan is on call for Night"):
        _cover(rota_id, ben, way=Way.PERSON, person_id=dan.id)
    with pytest.raises(errors.PersonNotFree, match="Ada is away"):
        _cover(rota_id, ben, way=Way.PERSON, person_id=ada.id, insist=True)
    insisted = _cover(rota_id, ben, way=Way.PERSON, person_id=dan.id, insist=True)
    actions.withdraw_request(request_id=insisted, now=NOW, actor="system")
    chosen = _cover(rota_id, ben, way=Way.PERSON, person_id=cat.id)
    assert _asked(chosen) == {"Cat": OfferState.ASKED}


def _cover(rota_id: int, asker: User, **rest: object) -> int:
    given = {"asker_id": asker.id, "shift_at": BEN_WEEK, "now": NOW, "actor": "system"}
    return actions.request_cover(rota_id=rota_id, **{**given, **rest})  # type: ignore[arg-type] # passed on as given


def test_whoever_went_away_meanwhile_cannot_say_yes(ask: Ask, cat: User) -> None:
    request_id = ask()
    _away(cat, BEN_WEEK, BEN_WEEK + timedelta(days=1))
    with pytest.raises(errors.PersonNotFree, match="Cat is away"):
        _accept(request_id, cat)


def test_the_same_time_is_asked_for_once(ask: Ask, cat: User) -> None:
    first = ask(part_ends_at=BEN_WEEK + timedelta(days=1))
    ask(part_starts_at=BEN_WEEK + timedelta(days=2))
    with pytest.raises(errors.RequestRunsAlready, match=f"Request {first} asks"):
        ask()


@pytest.mark.parametrize("person", ["self", "nobody"])
def test_the_person_to_ask_is_another_one(ask: Ask, ben: User, person: str) -> None:
    with pytest.raises(errors.PersonToAsk):
        ask(way=Way.PERSON, person_id=ben.id if person == "self" else None)
    with pytest.raises(errors.PersonToAsk):
        ask(way=Way.PERSON, person_id=987654)


def test_the_rest_of_a_running_shift_can_be_handed_over(rota_id: int, ada: User, cat: User) -> None:
    request_id = _cover(rota_id, ada, shift_at=NOW)
    assert queries.request(request_id).expires_at == BEN_WEEK
    later = NOW + timedelta(hours=1)
    _accept(request_id, cat, later)
    spans = _spans(rota_id, MONDAY, BEN_WEEK)
    assert [(span.user_id, span.starts_at) for span in spans] == [
        (ada.id, MONDAY),
        (cat.id, later),
    ]


def test_undo_needs_both(rota_id: int, ask: Ask, ada: User, ben: User, cat: User) -> None:
    request_id = ask(way=Way.PERSON, person_id=cat.id)
    with pytest.raises(errors.NothingToUndo):
        _undo(request_id, ben)
    _accept(request_id, cat)
    with pytest.raises(errors.NotAsked):
        _undo(request_id, ada)
    assert _undo(request_id, ben) is RequestState.ACCEPTED
    assert _undo(request_id, ben) is RequestState.ACCEPTED
    assert "Ben wants to undo what you agreed on" in _titles(cat, request_id)
    assert _undo(request_id, cat) is RequestState.UNDONE
    assert _people(rota_id, BEN_WEEK, CAT_WEEK) == [ben.id]


def test_a_manager_undoes_at_once(rota_id: int, ask: Ask, ada: User, ben: User, cat: User) -> None:
    request_id = ask(way=Way.PERSON, person_id=cat.id)
    _accept(request_id, cat)
    assert _undo(request_id, ada, is_manager=True) is RequestState.UNDONE
    assert _people(rota_id, BEN_WEEK, CAT_WEEK) == [ben.id]
    assert queries.request(request_id).reason == "Undone by Ada."


def _undo(request_id: int, user: User, *, is_manager: bool = False) -> RequestState:
    return actions.undo_request(
        request_id=request_id, user_id=user.id, is_manager=is_manager, now=NOW, actor="system"
    )


def test_the_override_of_an_agreement_is_not_cancelled_alone(
    rota_id: int, ask: Ask, cat: User
) -> None:
    request_id = ask(way=Way.PERSON, person_id=cat.id)
    _accept(request_id, cat)
    (override_id,) = queries.request(request_id).override_ids
    with pytest.raises(errors.OverrideOfRequest, match=f"comes from request {request_id}"):
        actions.cancel_override(rota_id=rota_id, override_id=override_id, now=NOW, actor="system")


def test_the_trace_tells_every_turn(ask: Ask, ada: User, cat: User) -> None:
    request_id = ask()
    _decline(request_id, cat)
    _accept(request_id, ada)
    steps = [(step.kind, step.person) for step in queries.request_trace(request_id)]
    assert steps == [
        ("made", "Ben"),
        ("offered", "Cat"),
        ("declined", "Cat"),
        ("offered", "Ada"),
        ("accepted", "Ada"),
    ]


def test_a_request_whose_shift_somebody_else_got_is_overtaken(
    rota_id: int, ask: Ask, ada: User
) -> None:
    request_id = ask()
    make_override(rota_id, ada, starts_at=BEN_WEEK, hours=24 * 7)
    reactions.react_now(NOW)
    shown = queries.request(request_id)
    assert (shown.state, shown.reason) == (
        RequestState.OVERTAKEN,
        "The shift is gone or somebody else has it now.",
    )


def test_a_deleted_rota_ends_its_requests(rota_id: int, ask: Ask) -> None:
    request_id = ask()
    actions.delete_rota(rota_id=rota_id, now=NOW, actor="system")
    reactions.react_now(NOW)
    assert queries.request(request_id).state is RequestState.OVERTAKEN


def test_a_swap_whose_other_shift_is_gone_is_overtaken(
    rota_id: int, ada: User, ben: User, cat: User
) -> None:
    request_id = _swap(rota_id, ben, cat)
    make_override(rota_id, ada, starts_at=CAT_WEEK, hours=24 * 7)
    reactions.react_now(NOW)
    assert queries.request(request_id).state is RequestState.OVERTAKEN


def _swap(rota_id: int, ben: User, cat: User) -> int:
    return actions.request_swap(
        rota_id=rota_id,
        asker_id=ben.id,
        shift_at=BEN_WEEK,
        person_id=cat.id,
        back_at=CAT_WEEK,
        now=NOW,
        actor="system",
    )


def test_what_was_agreed_ends_for_both_when_one_shift_is_gone(
    rota_id: int, ada: User, ben: User, cat: User
) -> None:
    request_id = _swap(rota_id, ben, cat)
    _accept(request_id, cat)
    actions.replan_rota(
        rota_id=rota_id,
        layers=[main_layer(ada, ben, starts_at="2026-03-02 09:00")],
        lieutenant=LieutenantRule(),
        now=NOW,
        actor="system",
    )
    reactions.react_now(NOW)
    assert queries.request(request_id).state is RequestState.OVERTAKEN
    assert _people(rota_id, BEN_WEEK, CAT_WEEK + WEEK) == [ben.id, ada.id]
    assert "The request of Ben is overtaken" in _titles(cat, request_id)


def _away(user: User, starts_at: datetime, ends_at: datetime) -> None:
    Absence.objects.create(
        user=user,
        kind="holiday",
        starts_at=starts_at,
        ends_at=ends_at,
        created_at=NOW,
        created_by="system",
        source="hand",
    )
