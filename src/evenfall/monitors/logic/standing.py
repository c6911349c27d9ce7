"""How looks become a state: some bad ones in a row open an outage, some good ones close it."""

from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from evenfall.monitors.logic.looks import Result, State


class Rule(Struct, frozen=True, kw_only=True):
    """How many bad looks in a row open an outage, and how many good ones close it.

    `unknown_for` is how long it may be unknown before somebody hears of it; None for ever.
    """

    bad_needed: int = 2
    good_needed: int = 1
    unknown_for: timedelta | None = timedelta(minutes=30)


class Standing(Struct, frozen=True, kw_only=True):
    """`since` is when the state began; `run_since` when the looks of one result in a row did.

    `is_missed` says that somebody was told of the time without an answer.
    """

    state: State = State.NEW
    since: datetime | None = None
    run: int = 0
    run_result: Result | None = None
    run_since: datetime | None = None
    is_missed: bool = False


def after(standing: Standing, result: Result, rule: Rule, *, now: datetime) -> Standing:
    """The standing after one more look. A paused monitor stays as it is.

    What is bad stays bad until enough good looks come: unknown ones do not close an outage. An
    outage begins with the first bad look of its run, not with the one that opened it.
    """
    if standing.state is State.PAUSED:
        return standing
    counted = _counted(standing, result, now)
    assert counted.run_since is not None  # noqa: S101 - just counted
    if counted.state is State.BAD:
        is_over = result is Result.GOOD and counted.run >= rule.good_needed
        return _entered(counted, State.GOOD, now) if is_over else counted
    if result is Result.GOOD:
        return _entered(counted, State.GOOD, now)
    if counted.run < rule.bad_needed:
        return counted
    if result is Result.BAD:
        return _entered(counted, State.BAD, counted.run_since)
    return _missed(_entered(counted, State.UNKNOWN, counted.run_since), rule, now)


def _counted(standing: Standing, result: Result, now: datetime) -> Standing:
    if standing.run_result is result:
        return replace(standing, run=standing.run + 1)
    return replace(standing, run=1, run_result=result, run_since=now)


def _entered(standing: Standing, state: State, since: datetime) -> Standing:
    if standing.state is state:
        return standing
    return replace(standing, state=state, since=since, is_missed=False)


def _missed(standing: Standing, rule: Rule, now: datetime) -> Standing:
    if rule.unknown_for is None or standing.since is None:
        return standing
    return replace(standing, is_missed=now - standing.since >= rule.unknown_for)
