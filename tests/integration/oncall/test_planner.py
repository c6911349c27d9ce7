from datetime import timedelta

import pytest
from tests.factories.identity import NOW, make_team, make_user
from tests.factories.oncall import main_layer, make_override, make_rota

from evenfall.identity.models import User
from evenfall.oncall import actions, errors, queries
from evenfall.oncall.ports import Role
from evenfall.platform import journal

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(weeks=6)


@pytest.fixture
def people() -> list[User]:
    return [make_user(name) for name in ("Ada", "Ben", "Cem", "Dan")]


@pytest.fixture
def rota_id(people: list[User]) -> int:
    return make_rota(team=make_team(members=people), layers=[main_layer(*people)])


def _overload(rota_id: int, user: User) -> None:
    """The user takes two weeks of others."""
    for week in (1, 2):
        make_override(rota_id, user, starts_at=NOW + timedelta(weeks=week), hours=160)


def test_a_fair_rota_is_left_alone(rota_id: int) -> None:
    found = queries.plan_proposal(rota_id, weeks=4, now=NOW)
    assert found.changes == []
    assert [shift.present for shift in found.shifts] == ["Ada", "Ben", "Cem", "Dan", "Ada"]
    assert found.shifts[0].is_settled
    assert found.unfilled == []


def test_whoever_carried_much_is_proposed_less(rota_id: int, people: list[User]) -> None:
    _overload(rota_id, people[0])
    found = queries.plan_proposal(rota_id, weeks=6, now=LATER)
    taken = [shift.proposed for shift in found.shifts if not shift.is_settled]
    assert taken.count("Ada") < [shift.present for shift in found.shifts].count("Ada")
    assert found.proposed.span < found.present.span
    assert found.changes
    assert all("Evens out" in shift.why for shift in found.changes)


def test_an_applied_proposal_is_the_schedule_and_can_be_undone(
    rota_id: int, people: list[User]
) -> None:
    _overload(rota_id, people[0])
    before = queries.final_schedule(rota_id, starts_at=LATER, ends_at=LATER + timedelta(weeks=8))
    found = queries.plan_proposal(rota_id, weeks=6, now=LATER)
    proposal_id = actions.apply_proposal(
        rota_id=rota_id, weeks=6, fingerprint=found.fingerprint, now=LATER, actor="user:1"
    )
    spans = queries.final_schedule(rota_id, starts_at=LATER, ends_at=LATER + timedelta(weeks=8))
    holders = {span.starts_at: span.user_id for span in spans if span.role is Role.PRIMARY}
    for shift in found.changes:
        assert holders[shift.starts_at] == shift.proposed_id
    assert queries.plan_proposal(rota_id, weeks=6, now=LATER).changes == []

    actions.undo_proposal(rota_id=rota_id, proposal_id=proposal_id, now=LATER, actor="user:1")
    after = queries.final_schedule(rota_id, starts_at=LATER, ends_at=LATER + timedelta(weeks=8))
    assert after == before
    kinds = [entry.kind for entry in journal.entries(subject=f"rota:{rota_id}")]
    assert "oncall.proposal_applied" in kinds
    assert kinds[-1] == "oncall.proposal_undone"
    with pytest.raises(errors.ProposalUndone):
        actions.undo_proposal(rota_id=rota_id, proposal_id=proposal_id, now=LATER, actor="user:1")


def test_another_proposal_than_the_one_looked_at_is_not_applied(
    rota_id: int, people: list[User]
) -> None:
    _overload(rota_id, people[0])
    found = queries.plan_proposal(rota_id, weeks=6, now=LATER)
    make_override(rota_id, people[1], starts_at=found.changes[0].starts_at, hours=160, now=LATER)
    with pytest.raises(errors.ProposalOutdated):
        actions.apply_proposal(
            rota_id=rota_id, weeks=6, fingerprint=found.fingerprint, now=LATER, actor="user:1"
        )


def test_a_proposal_without_changes_is_not_applied(rota_id: int) -> None:
    found = queries.plan_proposal(rota_id, weeks=4, now=NOW)
    with pytest.raises(errors.ProposalEmpty):
        actions.apply_proposal(
            rota_id=rota_id, weeks=4, fingerprint=found.fingerprint, now=NOW, actor="user:1"
        )


def test_nobody_who_is_on_call_elsewhere_is_proposed(rota_id: int, people: list[User]) -> None:
    make_rota(name="Other", team=make_team("Other"), layers=[main_layer(people[1])])
    found = queries.plan_proposal(rota_id, weeks=4, now=NOW)
    assert found.shifts[1].present == "Ben"
    assert found.shifts[1].proposed != "Ben"
    assert "is on call elsewhere" in found.shifts[1].why


def test_a_rota_of_one_says_which_rule_blocks_which_shift() -> None:
    ada = make_user("Ada")
    rota_id = make_rota(team=make_team(), layers=[main_layer(ada)])
    found = queries.plan_proposal(rota_id, weeks=2, now=NOW)
    assert found.unfilled[0].blocked == [("Ada", "would have two shifts one after the other")]
    assert found.changes == []


def test_an_empty_place_is_filled_and_applied(people: list[User]) -> None:
    layer = main_layer(people[0], None, people[1], people[2])
    rota_id = make_rota(team=make_team(), layers=[layer])
    found = queries.plan_proposal(rota_id, weeks=3, now=NOW)
    assert found.changes[0].present == ""
    assert all(shift.proposed for shift in found.shifts)
    actions.apply_proposal(
        rota_id=rota_id, weeks=3, fingerprint=found.fingerprint, now=NOW, actor="user:1"
    )
    assert queries.gaps(rota_id, starts_at=NOW, ends_at=NOW + timedelta(weeks=3)) == []


@pytest.mark.parametrize("weeks", [0, 13])
def test_a_proposal_covers_up_to_twelve_weeks(rota_id: int, weeks: int) -> None:
    with pytest.raises(errors.ProposalWeeks):
        queries.plan_proposal(rota_id, weeks=weeks, now=NOW)


def test_a_proposal_of_another_rota_is_not_undone(rota_id: int) -> None:
    with pytest.raises(errors.ProposalNotFound):
        actions.undo_proposal(rota_id=rota_id, proposal_id=99, now=NOW, actor="user:1")
