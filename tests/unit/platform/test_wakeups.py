"""When a drain is run again at once."""

import pytest

from evenfall.platform.wakeups import DrainResult


@pytest.mark.parametrize(
    ("result", "is_over"),
    [
        (DrainResult(done=0), True),
        (DrainResult(done=5), False),
        (DrainResult(done=5, took_all=True), True),
        (DrainResult(done=0, took_all=True), True),
    ],
)
def test_drain_goes_on_while_it_may_have_left_work(result: DrainResult, *, is_over: bool) -> None:
    assert result.is_over is is_over
