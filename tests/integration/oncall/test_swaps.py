"""Swaps of parts of shifts, and across rotas and roles: both sides change or none."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from tests.factories.identity import NOW, make_team, make_user, signed_in
from tests.factories.oncall import main_layer, make_override, make_rota

from evenfall.identity.models import Membership, Team, User
from evenfall.notifications.models import Notice
from evenfall.oncall import actions, errors, forms, queries
from evenfall.oncall.logic.requests import RequestState
from evenfall.oncall.models import Absence
from evenfall.oncall.ports import LieutenantKind, LieutenantRule, Role
from evenfall.platform import journal, reactions
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db

MONDAY = NOW.replace(hour=8)  # 09:00 in Berlin
WEEK = timedelta(weeks=1)
DAY = timedelta(days=1)
BEN_WEEK = MONDAY + WEEK
LATER = BEN_WEEK + WEEK
NEXT = LieutenantRule(kind=LieutenantKind.NEXT)


@pytest.fixture
def ada() -> User:
    return make_user("Ada")


@pytest.fixture
def ben() -> User:
    return make_user("Ben")


@pytest.fixture
def dora() -> User:
    return make_user("Dora")


@pytest.fixture
def emil() -> User:
    return make_user("Emil")


@pytest.fixture
def team(ada: User, ben: User) -> Team:
    return make_team(members=[ada, ben])


@pytest.fixture
def other_team(dora: User, emil: User) -> Team:
    return make_team("Search", members=[dora, emil])


@pytest.fixture
def payments(ada: User, ben: User, team: Team) -> int:
    """Ada has the week of NOW, then Ben, then Cat."""
    return make_rota(ada, ben, make_user("Cat"), team=team, now=MONDAY)


@pytest.fixture
def search(dora: User, emil: User, other_team: Team) -> int:
    """Emil has the week of NOW, then Dora; the other one is lieutenant."""
    return make_rota(dora, emil, team=other_team, name="Search rota", lieutenant=NEXT, now=MONDAY)


type Swap = Callable[..., int]


@pytest.fixture
def swap(payments: int, search: int, ben: User, dora: User) -> Swap:
    """Ben's week of payments for Dora's of search, the week after."""

    def asked(**rest: object) -> int:
        given = {
            "rota_id": payments,
            "asker_id": ben.id,
            "shift_at": BEN_WEEK,
            "person_id": dora.id,
            "back_at": LATER,
            "back_rota_id": search,
            "now": NOW,
            "actor": f"user:{ben.id}",
        }
        return actions.request_swap(**{**given, **rest})  # type: ignore[arg-type] # passed on as given

    return asked


def _people(
    rota_id: int, starts_at: datetime, ends_at: datetime, role: Role = Role.PRIMARY
) -> list[int]:
    spans = queries.final_schedule(rota_id, starts_at=starts_at, ends_at=ends_at)
    return [span.user_id for span in spans if span.role is role]


def _accept(request_id: int, user: User, now: datetime = NOW) -> None:
    actions.accept_request(request_id=request_id, user_id=user.id, now=now, actor=f"user:{user.id}")


def _undo(request_id: int, user: User) -> RequestState:
    return actions.undo_request(request_id=request_id, user_id=user.id, now=NOW, actor="system")


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


def test_a_swap_across_rotas_changes_both_with_the_yes(
    swap: Swap, payments: int, search: int, ben: User, dora: User
) -> None:
    request_id = swap()
    assert _people(payments, BEN_WEEK, BEN_WEEK + WEEK) == [ben.id]
    assert _people(search, LATER, LATER + WEEK) == [dora.id]
    _accept(request_id, dora)
    assert _people(payments, BEN_WEEK, BEN_WEEK + WEEK) == [dora.id]
    assert _people(search, LATER, LATER + WEEK) == [ben.id]
    shown = queries.request(request_id)
    assert (shown.back_rota_name, shown.back_role, shown.team_ids) == (
        "Search rota",
        Role.PRIMARY,
        {shown.team_id, shown.back_team_id},
    )


def test_the_notice_and_the_trace_name_the_other_rota(swap: Swap, search: int, dora: User) -> None:
    request_id = swap()
    (notice, *_) = Notice.objects.filter(subject=f"oncall_request:{request_id}")
    assert notice.user_id == dora.id
    assert "In return: Search rota, primary" in str(notice.content)
    kinds = [entry.kind for entry in journal.entries(subject=f"rota:{search}")]
    assert "oncall.request_made" in kinds


def test_a_part_is_swapped_for_a_part(
    swap: Swap, payments: int, search: int, ben: User, dora: User
) -> None:
    request_id = swap(
        part_starts_at=BEN_WEEK + DAY,
        part_ends_at=BEN_WEEK + 2 * DAY,
        back_part_starts_at=LATER + 3 * DAY,
    )
    shown = queries.request(request_id)
    assert (shown.is_partial, shown.is_back_partial) == (True, True)
    assert (shown.back_starts_at, shown.back_ends_at) == (LATER + 3 * DAY, LATER + WEEK)
    _accept(request_id, dora)
    assert _people(payments, BEN_WEEK, BEN_WEEK + WEEK) == [ben.id, dora.id, ben.id]
    assert _people(search, LATER, LATER + WEEK) == [dora.id, ben.id]


def test_parts_of_shifts_of_one_rota_are_swapped_too(payments: int, ada: User, ben: User) -> None:
    ada_week = BEN_WEEK + 2 * WEEK
    request_id = actions.request_swap(
        rota_id=payments,
        asker_id=ben.id,
        shift_at=BEN_WEEK,
        part_ends_at=BEN_WEEK + DAY,
        person_id=ada.id,
        back_at=ada_week,
        back_part_ends_at=ada_week + DAY,
        now=NOW,
        actor="system",
    )
    _accept(request_id, ada)
    assert _people(payments, BEN_WEEK, LATER) == [ada.id, ben.id]
    assert _people(payments, ada_week, ada_week + 2 * DAY) == [ben.id, ada.id]


def test_a_shift_is_swapped_for_one_as_lieutenant(
    swap: Swap, payments: int, search: int, ben: User, dora: User
) -> None:
    third = LATER + WEEK  # Emil is primary then, and Dora the lieutenant
    request_id = swap(back_at=third, back_role=Role.LIEUTENANT)
    _accept(request_id, dora)
    assert _people(payments, BEN_WEEK, BEN_WEEK + WEEK) == [dora.id]
    assert _people(search, third, third + DAY, Role.LIEUTENANT) == [ben.id]


@pytest.mark.parametrize("side", ["part_ends_at", "back_part_ends_at"])
def test_each_part_lies_inside_of_its_shift(swap: Swap, side: str) -> None:
    with pytest.raises(errors.PartOutsideShift):
        swap(**{side: BEN_WEEK + 5 * WEEK})


def test_the_shift_in_return_must_be_theirs(swap: Swap, payments: int) -> None:
    with pytest.raises(errors.NoShiftThen, match="Dora is not on call"):
        swap(back_rota_id=payments)
    with pytest.raises(errors.RotaNotFound):
        swap(back_rota_id=987654)


def test_shifts_of_the_same_week_are_swapped_without_insisting(
    swap: Swap, payments: int, search: int, ben: User, emil: User
) -> None:
    """Each is on call then, but for what they give away."""
    _accept(swap(person_id=emil.id, back_at=BEN_WEEK), emil)
    assert _people(payments, BEN_WEEK, BEN_WEEK + WEEK) == [emil.id]
    assert _people(search, BEN_WEEK, BEN_WEEK + WEEK) == [ben.id]


def test_whoever_would_be_on_call_twice_is_asked_only_when_the_asker_insists(
    swap: Swap, ben: User, dora: User
) -> None:
    make_rota(ben, team=make_team("Third"), name="Night", now=MONDAY)
    with pytest.raises(errors.PersonOnCall, match="Ben is on call for "):
        swap(back_at=LATER)
    swap(back_at=LATER, insist=True)


def test_both_must_be_there(swap: Swap, ben: User, dora: User) -> None:
    request_id = swap()
    _away(ben, LATER, LATER + DAY)
    with pytest.raises(errors.PersonNotFree, match="Ben is away"):
        _accept(request_id, dora)
    actions.withdraw_request(request_id=request_id, now=NOW, actor="system")
    with pytest.raises(errors.PersonNotFree, match="Ben is away"):
        swap()


def test_undo_gives_both_back(
    swap: Swap, payments: int, search: int, ben: User, dora: User
) -> None:
    request_id = swap()
    _accept(request_id, dora)
    assert _undo(request_id, dora) is RequestState.ACCEPTED
    assert _undo(request_id, ben) is RequestState.UNDONE
    assert _people(payments, BEN_WEEK, BEN_WEEK + WEEK) == [ben.id]
    assert _people(search, LATER, LATER + WEEK) == [dora.id]


def test_a_change_of_the_other_rota_ends_the_request(swap: Swap, search: int, emil: User) -> None:
    request_id = swap()
    make_override(search, emil, starts_at=LATER, hours=24 * 7)
    reactions.react_now(NOW)
    assert queries.request(request_id).state is RequestState.OVERTAKEN


@pytest.mark.parametrize("which", ["payments", "search"])
def test_what_was_agreed_ends_for_both_when_one_rota_is_gone(
    swap: Swap, payments: int, search: int, ben: User, dora: User, which: str
) -> None:
    request_id = swap()
    _accept(request_id, dora)
    gone, left = (payments, search) if which == "payments" else (search, payments)
    actions.delete_rota(rota_id=gone, now=NOW, actor="system")
    reactions.react_now(NOW)
    assert queries.request(request_id).state is RequestState.OVERTAKEN
    if left == search:
        assert _people(search, LATER, LATER + WEEK) == [dora.id]
    else:
        assert _people(payments, BEN_WEEK, BEN_WEEK + WEEK) == [ben.id]


def test_what_was_agreed_moves_with_the_shift_of_the_other_rota(
    swap: Swap, search: int, ben: User, dora: User, emil: User
) -> None:
    request_id = swap()
    _accept(request_id, dora)
    actions.replan_rota(
        rota_id=search,
        layers=[main_layer(dora, emil, starts_at="2026-03-02 11:00")],
        lieutenant=NEXT,
        now=NOW,
        actor="system",
    )
    reactions.react_now(NOW)
    later = LATER + timedelta(hours=2)
    shown = queries.request(request_id)
    assert (shown.state, shown.back_starts_at) == (RequestState.ACCEPTED, later)
    assert _people(search, later, later + WEEK) == [ben.id]


def _monday() -> datetime:
    now = utc_now()
    return (now - timedelta(days=now.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)


@pytest.fixture
def live(ada: User, ben: User, dora: User, emil: User, team: Team, other_team: Team) -> list[int]:
    """Both rotas as they run today."""
    start = {"starts_at": f"{_monday().date()} 00:00", "zone": "UTC"}
    return [
        make_rota(layers=[main_layer(ada, ben, ada, **start)], team=team, now=_monday()),
        make_rota(
            layers=[main_layer(emil, ada, dora, **start)], team=other_team, name="B", now=_monday()
        ),
    ]


def _ask_on_the_page(live: list[int], ben: User, dora: User) -> int:
    client = signed_in(ben)
    address = f"/rotas/{live[0]}/requests/new/?with={live[1]}"
    shifts = queries.held_and_named(*live, now=utc_now())
    mine = next(one for one in shifts if one.shift.user_id == ben.id)
    theirs = next(one for one in shifts if one.shift.user_id == dora.id)
    filled = {
        "shift": forms.key_of(mine),
        "way": "swap",
        "back": forms.key_of(theirs),
        "back_ends_at": f"{theirs.shift.starts_at + DAY:%Y-%m-%dT%H:%M}",
    }
    preview = client.post(address, filled, headers={"HX-Target": "preview"}).content.decode()
    assert "And in the other rota" in preview
    assert client.post(address, filled).status_code == 302
    return queries.live_requests()[0].id


def test_the_page_offers_the_shifts_of_another_rota(live: list[int], ben: User, dora: User) -> None:
    page = signed_in(ben).get(f"/rotas/{live[0]}/requests/new/").content.decode()
    assert "Dora" not in page.split("For a swap")[1].split("</fieldset>")[0]
    assert "Show its shifts" in page
    request_id = _ask_on_the_page(live, ben, dora)
    shown = queries.request(request_id)
    assert (shown.back_rota_name, shown.is_back_partial) == ("B", True)
    for address in (f"/oncall/requests/{request_id}/", "/oncall/requests/"):
        assert ">B</a>" in (told := signed_in(dora).get(address).content.decode()) or "B," in told


def test_only_who_manages_the_other_team_answers_for_its_people(
    live: list[int], team: Team, other_team: Team, ben: User, dora: User
) -> None:
    request_id = _ask_on_the_page(live, ben, dora)
    near, far = make_user("Near"), make_user("Far")
    Membership.objects.create(team=team, user=near, role="manager", created_at=NOW)
    Membership.objects.create(team=other_team, user=far, role="manager", created_at=NOW)
    address = f"/oncall/requests/{request_id}/"
    assert "Yes for Dora" not in signed_in(near).get(address).content.decode()
    assert "Yes for Dora" in signed_in(far).get(address).content.decode()
    said = {"user_id": dora.id}
    assert signed_in(near).post(f"{address}accept/", said).status_code == 403
    assert signed_in(far).post(f"{address}accept/", said).status_code == 302
    for manager in (near, far):
        assert signed_in(manager).post(f"{address}undo/").status_code == 403


def test_a_no_may_say_why(live: list[int], ben: User, dora: User) -> None:
    request_id = _ask_on_the_page(live, ben, dora)
    address = f"/oncall/requests/{request_id}/"
    assert "Why not" in signed_in(dora).get(address).content.decode()
    signed_in(dora).post(f"{address}decline/", {"note": "On a train"})
    assert "On a train" in signed_in(ben).get(address).content.decode()


def test_the_api_swaps_parts_across_rotas(
    live: list[int], ben: User, dora: User, client: Client
) -> None:
    shifts = queries.held_and_named(*live, now=utc_now())
    mine = next(one.shift for one in shifts if one.shift.user_id == ben.id)
    theirs = next(one.shift for one in shifts if one.shift.user_id == dora.id)
    body = {
        "rota_id": live[0],
        "shift_at": mine.starts_at.isoformat(),
        "person_id": dora.id,
        "back_at": theirs.starts_at.isoformat(),
        "back_rota_id": live[1],
        "back_part_ends_at": (theirs.starts_at + DAY).isoformat(),
    }
    answer = signed_in(ben).post("/api/v1/oncall-requests", body, content_type="application/json")
    made = answer.json()
    assert (answer.status_code, made["back_rota_id"], made["is_back_partial"]) == (
        201,
        live[1],
        True,
    )
    declined = signed_in(dora).post(
        f"/api/v1/oncall-requests/{made['id']}/decline",
        {"note": "On a train"},
        content_type="application/json",
    )
    assert declined.json()["offers"][0]["note"] == "On a train"
