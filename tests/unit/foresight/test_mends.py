"""What one click may mend, and who hears of a trouble that a change made."""

import pytest

from evenfall.foresight.logic.kinds import PART_OF, Check, Part
from evenfall.foresight.logic.looking import Fresh, told_to
from evenfall.foresight.logic.mends import (
    NEEDS,
    Candidate,
    Mend,
    Needs,
    Offer,
    Staffed,
    owner_offer,
    person_offer,
    policy_offer,
    quiet_offer,
    rule_offer,
    rules_offer,
    service_offer,
)

ANA = Candidate(user_id=1, name="Ana", is_reached=False)
BEN = Candidate(user_id=2, name="Ben", is_reached=True)


def offered(
    check: Check = Check.NOBODY_AT_ALL,
    *,
    team_id: int | None = 7,
    used_by: int = 1,
    candidates: tuple[Candidate, ...] = (ANA, BEN),
) -> Offer | None:
    return person_offer(
        check, policy_id=3, step=2, team_id=team_id, used_by=used_by, candidates=candidates
    )


def test_the_first_who_is_reached_is_added_to_the_policy_of_one_team() -> None:
    whole, step = offered(), offered(Check.UNREACHABLE_STEP)
    assert whole is not None
    assert step is not None
    assert whole.label == "Add Ben as a last step"
    assert whole.numbers == {"policy_id": 3, "user_id": 2, "step": 0}
    assert (whole.needs, whole.owner_id) == (Needs.TEAM, 7)
    assert (step.label, step.numbers["step"]) == ("Add Ben to step 2", 2)


def test_nobody_is_added_where_it_would_wake_others_or_nobody() -> None:
    assert offered(candidates=(ANA,)) is None
    assert offered(team_id=None) is None
    assert offered(used_by=2) is None


def test_a_service_follows_the_only_policy_of_its_team() -> None:
    one = policy_offer(service_id=1, team_id=7, own={3: "Days"})
    assert one is not None
    assert (one.label, one.numbers) == ("Use Days", {"service_id": 1, "policy_id": 3})
    assert policy_offer(service_id=1, team_id=7, own={3: "Days", 4: "Nights"}) is None
    assert policy_offer(service_id=1, team_id=7, own={}) is None


@pytest.mark.parametrize(
    ("kind", "mend"),
    [
        ("silence", Mend.END_SILENCE),
        ("maintenance", Mend.END_MAINTENANCE),
        ("inhibition", Mend.SWITCH_OFF_INHIBITION),
    ],
)
def test_what_hides_everything_is_ended(kind: str, mend: Mend) -> None:
    assert quiet_offer(kind, 5).mend is mend


def test_only_a_rule_that_never_decides_is_switched_off() -> None:
    assert rule_offer(Check.DEAD_RULE, 5) is not None
    assert rule_offer(Check.IDLE_RULE, 5) is None


def test_only_personal_rules_are_mended_for_somebody() -> None:
    one = rules_offer("rules_asleep", 4)
    assert one is not None
    assert (one.needs, one.owner_id) == (Needs.PERSON, 4)
    assert rules_offer("broken", 4) is None


def test_an_integration_goes_to_the_one_team_its_alerts_are_about() -> None:
    one = owner_offer(9, {7: "Shop"})
    assert one is not None
    assert one.label == "Give it to Shop"
    assert owner_offer(9, {7: "Shop", 8: "Pay"}) is None


def test_every_mend_and_every_check_is_known() -> None:
    assert NEEDS.keys() == set(Mend)
    assert PART_OF.keys() == set(Check)
    assert set(PART_OF.values()) == set(Part)


def test_whoever_changed_the_part_hears_of_it_and_machines_do_not() -> None:
    fresh = [Fresh(id=1, check=Check.DEAD_RULE), Fresh(id=2, check=Check.NO_PHONE)]
    asked = {
        Part.RULES: {"user:4", "system"},
        Part.PEOPLE: {"user:4", "user:5", "token:6"},
        Part.ROTAS: {"user:8"},
    }
    assert told_to(fresh, asked) == {4: [1, 2], 5: [2]}


def test_a_service_is_given_to_the_one_team_of_all_who_answered_for_it() -> None:
    teams = {
        7: Staffed(name="Empty by now", member_ids=frozenset({1, 2, 3})),
        8: Staffed(name="Payments", member_ids=frozenset({1, 2})),
        9: Staffed(name="Search", member_ids=frozenset({2, 3})),
    }
    one = service_offer(service_id=5, team_id=7, answered={1, 2}, teams=teams)
    assert one is not None
    assert (one.label, one.needs) == ("Give it to Payments", Needs.SITE)
    assert one.numbers == {"id": 5, "team_id": 8, "was": 7}
    assert service_offer(service_id=5, team_id=7, answered={2}, teams=teams) is None
    assert service_offer(service_id=5, team_id=7, answered={1, 3}, teams=teams) is None
    assert service_offer(service_id=5, team_id=7, answered=(), teams=teams) is None
