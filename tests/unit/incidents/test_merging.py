"""When two incidents may become one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.incidents.logic.merging import MergeRefusal, Side, merge_refusal
from evenfall.incidents.logic.states import LIVE, State

SIDES = st.builds(Side, st.integers(1, 3), st.sampled_from(State), st.sampled_from(["PROD", "UAT"]))


@pytest.mark.parametrize(
    ("child", "target", "expected"),
    [
        (Side(1, State.OPEN, "PROD"), Side(2, State.ACKNOWLEDGED, "PROD"), None),
        (Side(1, State.OPEN, "PROD"), Side(1, State.OPEN, "PROD"), MergeRefusal.SAME),
        (Side(1, State.MERGED, "PROD"), Side(2, State.OPEN, "PROD"), MergeRefusal.CHILD_OVER),
        (Side(1, State.OPEN, "PROD"), Side(2, State.RESOLVED, "PROD"), MergeRefusal.TARGET_OVER),
        (Side(1, State.OPEN, "UAT"), Side(2, State.OPEN, "PROD"), MergeRefusal.OTHER_ENVIRONMENT),
    ],
)
def test_merge_refusal_names_the_rule(
    child: Side, target: Side, expected: MergeRefusal | None
) -> None:
    assert merge_refusal(child, target) is expected


@given(SIDES, SIDES)
def test_only_live_and_different_incidents_merge(child: Side, target: Side) -> None:
    if merge_refusal(child, target) is None:
        assert child.incident_id != target.incident_id
        assert child.state in LIVE
        assert target.state in LIVE
