"""Where the way back leads."""

from evenfall.rollouts.logic.way_back import Proof, proof_of, usual


def proof(number: int, version: str, before: str, *, is_return: bool = False) -> Proof:
    return Proof(rollout_id=number, version=version, stable_version=before, is_return=is_return)


def test_it_leads_to_what_was_there_before_and_never_forward_again() -> None:
    first, second = proof(1, "2", "1"), proof(2, "3", "2")
    assert proof_of("3", [second, first]) == second
    back = proof(3, "2", "3", is_return=True)
    assert proof_of("2", [back, second, first]) == first, "not to 3, which was just left"
    assert proof_of("1", [back, second, first]) is None
    assert proof_of("2", [proof(1, "2", "")]) is None, "nobody knows what was there"


def test_one_slow_deploy_does_not_move_what_is_usual() -> None:
    assert usual([]) is None
    assert usual([30, 600, 40]) == 40
