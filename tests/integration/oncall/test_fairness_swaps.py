"""What counts as a swap given and taken: what people agreed on, and nothing else."""

from datetime import timedelta

import pytest
from tests.factories.identity import NOW, make_team, make_user
from tests.factories.oncall import main_layer, make_rota

from evenfall.identity.models import Team, User
from evenfall.oncall import actions, queries
from evenfall.oncall.logic.away import Kind
from evenfall.oncall.logic.requests import Way
from evenfall.oncall.models import AppliedProposal, Override
from evenfall.oncall.ports import LieutenantKind, LieutenantRule, OverrideKind, Role

pytestmark = pytest.mark.django_db
MONDAY = NOW.replace(hour=8)
WEEK = timedelta(weeks=1)
LATER = NOW + 4 * WEEK


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
def rota_id(ada: User, ben: User, team: Team) -> int:
    rule = LieutenantRule(kind=LieutenantKind.NEXT)
    return make_rota(team=team, layers=[main_layer(ada, ben)], lieutenant=rule, now=MONDAY)


def _swaps(team: Team) -> dict[str, tuple[int, int]]:
    found = queries.team_fairness(team.id, weeks=4, now=LATER)
    return {one.name: (one.tally.swaps_given, one.tally.swaps_taken) for one in found.people}


def _cover(rota_id: int, asker: User, taker: User, role: Role = Role.PRIMARY) -> int:
    request_id = actions.request_cover(
        rota_id=rota_id,
        asker_id=asker.id,
        shift_at=NOW + WEEK,
        role=role,
        way=Way.PERSON,
        person_id=taker.id,
        insist=True,
        now=NOW,
        actor="system",
    )
    actions.accept_request(request_id=request_id, user_id=taker.id, now=NOW, actor="system")
    return request_id


def test_an_accepted_cover_counts_for_both(rota_id: int, team: Team, ada: User, ben: User) -> None:
    _cover(rota_id, ben, ada)
    assert _swaps(team) == {"Ada": (0, 1), "Ben": (1, 0)}


def test_a_cover_as_lieutenant_counts_too(rota_id: int, team: Team, ada: User, ben: User) -> None:
    _cover(rota_id, ada, make_user("Cat"), Role.LIEUTENANT)
    assert _swaps(team)["Ada"] == (1, 0)


def test_an_accepted_swap_counts_both_ways_for_both(
    rota_id: int, team: Team, ada: User, ben: User
) -> None:
    request_id = actions.request_swap(
        rota_id=rota_id,
        asker_id=ben.id,
        shift_at=NOW + WEEK,
        person_id=ada.id,
        back_at=NOW + 2 * WEEK,
        now=NOW,
        actor="system",
    )
    assert _swaps(team) == {"Ada": (0, 0), "Ben": (0, 0)}
    actions.accept_request(request_id=request_id, user_id=ada.id, now=NOW, actor="system")
    assert _swaps(team) == {"Ada": (1, 1), "Ben": (1, 1)}


def test_what_was_undone_counts_no_more(rota_id: int, team: Team, ada: User, ben: User) -> None:
    request_id = _cover(rota_id, ben, ada)
    actions.undo_request(
        request_id=request_id, user_id=ada.id, is_manager=True, now=NOW, actor="system"
    )
    assert _swaps(team) == {"Ada": (0, 0), "Ben": (0, 0)}


def test_standing_in_for_somebody_away_is_no_swap(rota_id: int, team: Team, ben: User) -> None:
    actions.add_absence(
        user_id=ben.id,
        kind=Kind.HOLIDAY,
        starts_at=NOW + WEEK,
        ends_at=NOW + 2 * WEEK,
        now=NOW,
        actor="system",
    )
    assert Override.objects.filter(rota_id=rota_id).exists()
    assert _swaps(team) == {"Ada": (0, 0), "Ben": (0, 0)}


def test_what_the_planner_moved_is_no_swap(rota_id: int, team: Team, ada: User, ben: User) -> None:
    override_id = actions.add_override(
        rota_id=rota_id,
        kind=OverrideKind.REPLACE,
        user_id=ada.id,
        instead_of_id=ben.id,
        starts_at=NOW + WEEK,
        ends_at=NOW + WEEK + timedelta(days=1),
        now=NOW,
        actor="system",
    )
    assert _swaps(team) == {"Ada": (0, 1), "Ben": (1, 0)}
    AppliedProposal.objects.create(
        rota_id=rota_id, override_ids=[override_id], applied_at=NOW, applied_by="system"
    )
    assert _swaps(team) == {"Ada": (0, 0), "Ben": (0, 0)}
