"""Ordinary background work: procrastinate tasks that commit with the write that caused them.

A job takes primitives, loads what it needs and makes one call of an action. It runs at least
once. What is due at a time is a row with a due time (``wakeups``), not a job.
"""

from collections.abc import Callable
from typing import Any

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

LANE = "slow"
_RETRY = RetryStrategy(max_attempts=10, exponential_wait=3)


def job(
    *, lane: str = LANE, periodic: str | None = None, name: str | None = None
) -> Callable[[Callable[..., Any]], Any]:
    """Make a function a background job; ``periodic`` is a cron expression in UTC.

    Call ``.defer(**primitives)`` on the result inside a transaction. A periodic job receives
    ``timestamp``, the Unix time it was due at. Failures are retried ten times, 3^n s apart.
    """

    def decorate(function: Callable[..., Any]) -> Any:  # noqa: ANN401 - procrastinate's Task
        task = app.task(
            queue=lane, name=name or f"{function.__module__}.{function.__name__}", retry=_RETRY
        )(function)
        return task if periodic is None else app.periodic(cron=periodic)(task)

    return decorate
