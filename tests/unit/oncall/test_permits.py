import pytest

from evenfall.oncall.logic import permits
from evenfall.oncall.logic.spec import OverrideKind


@pytest.mark.parametrize(
    ("kind", "user_id", "expected"),
    [
        (OverrideKind.REPLACE, 1, True),
        (OverrideKind.ADD, 1, True),
        (OverrideKind.REPLACE, 2, False),
        (OverrideKind.REMOVE, None, False),
        (OverrideKind.REMOVE, 1, False),
    ],
)
def test_only_taking_a_duty_oneself_is_allowed_alone(
    kind: OverrideKind, user_id: int | None, expected: bool
) -> None:
    assert permits.may_add_alone(kind, user_id=user_id, asker_id=1) is expected


@pytest.mark.parametrize(
    ("user_id", "created_by", "expected"),
    [(1, "user:2", True), (2, "user:1", True), (2, "user:2", False), (None, "system", False)],
)
def test_an_override_is_cancelled_by_those_concerned(
    user_id: int | None, created_by: str, expected: bool
) -> None:
    allowed = permits.may_cancel_alone(
        user_id=user_id, created_by=created_by, asker_id=1, asker_actor="user:1"
    )
    assert allowed is expected
