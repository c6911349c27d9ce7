"""What monitors do when their time comes."""

from datetime import datetime

from evenfall.monitors import actions
from evenfall.platform.wakeups import Drain, DrainResult

AT_ONCE = 3


def look_outside(now: datetime) -> DrainResult:
    """Look at what is due, over the network. Slow targets hold this one up, not the others."""
    return actions.look_outside(now=now)


def judge_told(now: datetime) -> DrainResult:
    """Judge what was told, or was not."""
    return actions.judge_told(now=now)


def fetch_declared(now: datetime) -> DrainResult:
    """Fetch what should be from where it is kept, over the network."""
    return actions.fetch_declared(now=now)


def compare_configuration(now: datetime) -> DrainResult:
    """Compare our own configuration with what was declared of it."""
    return actions.compare_configuration(now=now)


def watch_metrics(now: datetime) -> DrainResult:
    """Ask the queries that are due, over the network. A source that hangs holds up one of them."""
    return actions.watch_metrics(now=now)


DRAINS: tuple[Drain, ...] = (
    *(
        Drain(
            name=f"monitors.look.{number}",
            lane="slow",
            run=look_outside,
            wake_on=(actions.LOOK,),
            rest_s=0.2,
        )
        for number in range(1, AT_ONCE + 1)
    ),
    *(
        Drain(
            name=f"monitors.watch.{number}",
            lane="slow",
            run=watch_metrics,
            wake_on=(actions.LOOK,),
            rest_s=0.2,
        )
        for number in range(1, AT_ONCE + 1)
    ),
    Drain(name=actions.FETCH, lane="slow", run=fetch_declared),
    Drain(
        name="monitors.configuration",
        lane="slow",
        run=compare_configuration,
        wake_on=(actions.LOOK,),
        rest_s=0.2,
    ),
    Drain(
        name="monitors.judge",
        lane="slow",
        run=judge_told,
        wake_on=(actions.LOOK,),
        rest_s=0.2,
    ),
)
