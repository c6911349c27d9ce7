import pytest

from evenfall.alerting.logic.states import AlertState, Move, after, key_hash, moves_into


@pytest.mark.parametrize(
    ("state", "move", "expected"),
    [
        (AlertState.OPEN, Move.ACKNOWLEDGE, AlertState.ACKNOWLEDGED),
        (AlertState.OPEN, Move.RESOLVE, AlertState.RESOLVED),
        (AlertState.ACKNOWLEDGED, Move.RESOLVE, AlertState.RESOLVED),
        (AlertState.ACKNOWLEDGED, Move.ACKNOWLEDGE, None),
        (AlertState.RESOLVED, Move.ACKNOWLEDGE, None),
        (AlertState.RESOLVED, Move.RESOLVE, None),
    ],
)
def test_after_follows_the_table(
    state: AlertState, move: Move, expected: AlertState | None
) -> None:
    assert after(state, move) is expected


def test_moves_into_lists_where_an_alert_may_come_from() -> None:
    assert set(moves_into(AlertState.RESOLVED)) == {AlertState.OPEN, AlertState.ACKNOWLEDGED}
    assert moves_into(AlertState.OPEN) == ()


def test_key_hash_is_short_stable_and_different_for_different_keys() -> None:
    assert key_hash("disk/db-1") == key_hash("disk/db-1")
    assert key_hash("disk/db-1") != key_hash("disk/db-2")
    assert len(key_hash("x" * 255)) == 16
