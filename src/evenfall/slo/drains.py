"""What objectives do each minute."""

from datetime import datetime
from functools import partial

from evenfall.platform.wakeups import Drain, DrainResult
from evenfall.slo import actions

AT_ONCE = 3
"""So many sources are read at a time, each by a thread of its own; evaluating has another.

The first is for sources that answered the last time: those that hang never hold all of them.
"""


def read(now: datetime, *, only_well: bool = False) -> DrainResult:
    """Read the counts of one source; again at once while more are due."""
    done = actions.read_due(now=now, only_well=only_well)
    return DrainResult(done=done, next_due=actions.next_reading_due(only_well=only_well))


def evaluate(now: datetime) -> DrainResult:
    """Evaluate all objectives for the minute that is over."""
    done = actions.evaluate_due(now=now)
    return DrainResult(done=done, next_due=actions.next_evaluation_due(now), took_all=True)


DRAINS: tuple[Drain, ...] = (
    *(
        Drain(
            name=f"{actions.READ}.{number}",
            lane="slow",
            run=partial(read, only_well=number == 1),
            wake_on=(actions.READ,),
        )
        for number in range(1, AT_ONCE + 1)
    ),
    Drain(name=actions.EVALUATE, lane="slow", run=evaluate),
)
