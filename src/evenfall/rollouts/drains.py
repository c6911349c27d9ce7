"""What rollouts do when their time comes: once a second, in a lane of their own."""

import time
from datetime import datetime, timedelta
from typing import Final

from evenfall.platform.wakeups import Drain, DrainResult
from evenfall.rollouts import actions

LANE: Final = "rollouts"
AT_ONCE: Final = 4


def work_rollouts(now: datetime) -> DrainResult:
    """Look at one due rollout, decide, and write down what is wanted.

    What is decided is touched in the next pass, which comes at once. One that fails, such as in the
    database, is made again a second later.
    """
    errand = actions.claim_rollout(now=now)
    if errand is None:
        return DrainResult(done=0, next_due=actions.next_due(now))
    began = time.monotonic()

    def later() -> datetime:
        return now + timedelta(seconds=time.monotonic() - began)

    try:
        answer = actions.touch(errand)
        verdicts, closed = actions.look_around(errand, now=now)
        actions.settle(errand=errand, answer=answer, verdicts=verdicts, closed=closed, now=later())
    except Exception:
        actions.give_back(errand=errand, now=later())
        raise
    return DrainResult(done=1)


def measure(now: datetime) -> DrainResult:
    """Ask for the metrics of running analyses that are due, and judge them."""
    done = actions.measure_due(now=now)
    return DrainResult(done=done, next_due=actions.next_measurement_due())


DRAINS: Final = (
    *(
        # several: a port that hangs keeps no other rollout waiting
        Drain(
            name=f"{actions.WORK}.{number}", lane=LANE, run=work_rollouts, wake_on=(actions.WORK,)
        )
        for number in range(1, AT_ONCE + 1)
    ),
    Drain(name=actions.MEASURE, lane=LANE, run=measure),
)
