"""The fast lane: an absolute limit on failed requests, from counters read once a second."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from evenfall.rollouts.logic.plan import Guard
from evenfall.rollouts.logic.verdicts import Outcome, Verdict

TICKS: Final = 2
"""Errors of one tick alone are a blip; the fast half of the guard wants this many in a row."""


class Counts(Struct, frozen=True, kw_only=True):
    """Requests and how many of them failed (5xx, or no answer at all)."""

    requests: int = 0
    errors: int = 0

    @property
    def percent(self) -> float:
        return 100 * self.errors / self.requests if self.requests else 0.0


class Reading(Struct, frozen=True, kw_only=True):
    """What both sides did since the reading before."""

    at: datetime
    new: Counts
    stable: Counts


def since(before: Counts, after: Counts) -> Counts:
    """The difference of two counters; one that went back began anew at 0."""
    if after.requests < before.requests or after.errors < before.errors:
        return after
    return Counts(requests=after.requests - before.requests, errors=after.errors - before.errors)


def total(parts: Sequence[Counts]) -> Counts:
    return Counts(
        requests=sum(one.requests for one in parts), errors=sum(one.errors for one in parts)
    )


def judge_errors(guard: Guard, readings: Sequence[Reading], *, now: datetime) -> Verdict:
    """Judge readings, oldest first, those older than the window left out."""
    seen = [one for one in readings if one.at > now - timedelta(seconds=guard.window_s)]
    new, stable = total([one.new for one in seen]), total([one.stable for one in seen])
    if _is_too_much(guard, new) or _is_burst(guard, seen):
        return _failing(guard, new, stable)
    if new.requests < guard.least:
        reason = f"{new.requests} requests in {guard.window_s} s, and {guard.least} are wanted."
        return Verdict(outcome=Outcome.NO_DATA, reason=reason)
    return Verdict(outcome=Outcome.PASS, reason=_said(guard, new))


def _is_too_much(guard: Guard, new: Counts) -> bool:
    return (
        new.requests >= guard.least
        and new.errors >= guard.least_errors
        and new.percent > guard.most_percent
    )


def _is_burst(guard: Guard, seen: Sequence[Reading]) -> bool:
    """A good half minute before must not hide that now everything fails."""
    last = [one.new for one in seen[-TICKS:]]
    each = len(last) == TICKS and all(one.percent > guard.most_percent for one in last)
    return each and _is_too_much(guard, total(last))


def _failing(guard: Guard, new: Counts, stable: Counts) -> Verdict:
    """Where the stable side is as bad, going back to it would help nobody: a person decides."""
    said = _said(guard, new)
    if stable.requests >= guard.least and stable.percent >= new.percent:
        reason = f"{said} But {stable.percent:.1f} % failed on the stable side too."
        return Verdict(outcome=Outcome.INCONCLUSIVE, reason=reason)
    return Verdict(outcome=Outcome.FAIL, reason=said)


def _said(guard: Guard, new: Counts) -> str:
    return (
        f"{new.errors} of {new.requests} requests failed ({new.percent:.1f} %), "
        f"{guard.most_percent:g} % may."
    )
