"""Which alerts an objective has: burn in two windows, no data, nothing left.

A pair fires while both its windows burn at its factor or more. Where few events are no proof the
rules of `LowTraffic` have to agree. Of no data nothing is concluded: what fires goes on, what does
not begins nothing. While a page fires the ticket of the same objective does not.
"""

import enum
import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from evenfall.slo.logic.pairs import Fitted, Pair, Severity, detection_time
from evenfall.slo.logic.spec import AlertRules, LowTraffic
from evenfall.slo.logic.states import BudgetState
from evenfall.slo.logic.tallies import Part, burn
from evenfall.slo.logic.windows import MINUTE

LIKELY: Final = 0.05
"""A chance below this is proof enough for the exact rule."""
_EDGE: Final = 1e-9


class AlertKind(enum.StrEnum):
    """What is told; each has at most one alert at a time for an objective."""

    PAGE = "page"
    TICKET = "ticket"
    ABSENT = "absent"
    EXHAUSTED = "exhausted"


class PairBurn(Struct, frozen=True, kw_only=True):
    """A pair as it is now. `fires` None is unknown; `held_back` says which rule kept it quiet."""

    fitted: Fitted
    long: float | None
    short: float | None
    fires: bool | None
    held_back: str = ""

    @property
    def pair(self) -> Pair:
        return self.fitted.pair


class Traffic(Struct, frozen=True, kw_only=True):
    """The totals that the whole period is expected to have, one for each part.

    `has_events` is false for slices and looks, where a few are all there ever are.
    """

    expected: Sequence[float]
    has_events: bool = True


def pair_burn(
    fitted: Fitted,
    windows: Mapping[int, Sequence[Part]],
    *,
    rules: LowTraffic,
    traffic: Traffic,
) -> PairBurn:
    """Look at a pair; `windows` has the parts of an objective by minutes of the window."""
    pair = fitted.pair
    parts = windows[pair.long]
    long, short = burn(parts), burn(windows[pair.short])
    fires: bool | None
    if long is None or short is None:
        # one window below its factor is enough to know that it does not fire
        below = any(one is not None and one < pair.factor - _EDGE for one in (long, short))
        fires = False if below else None
    else:
        fires = min(long, short) >= pair.factor - _EDGE
    held = _held_back(fitted, parts, rules, traffic) if fires and traffic.has_events else ""
    return PairBurn(fitted=fitted, long=long, short=short, fires=fires and not held, held_back=held)


def firing(
    burns: Sequence[PairBurn], before: Mapping[AlertKind, str]
) -> dict[AlertKind, PairBurn | None]:
    """The burn alerts that fire now, each with the pair that does; None goes on for want of data.

    `before` are the names of the pairs that fired so far.
    """
    found: dict[AlertKind, PairBurn | None] = {}
    for severity in Severity:
        kind, mine = (
            AlertKind(severity.value),
            [one for one in burns if one.pair.severity is severity],
        )
        fires = [one for one in mine if one.fires]
        if fires:
            found[kind] = fires[0]
        elif kind in before and any(one.fires is None for one in mine):
            found[kind] = None
    if AlertKind.PAGE in found:
        found.pop(AlertKind.TICKET, None)
    return found


def absent_after(pairs: Sequence[Fitted], *, allowed: float) -> timedelta:
    """How long no data may come before somebody is told.

    As long as a full outage takes until the quickest page, and half its short window more, in
    whole minutes.
    """
    pages = [one.pair for one in pairs if one.pair.severity is Severity.PAGE]
    quick = min(pages or [one.pair for one in pairs], key=lambda pair: pair.long, default=None)
    if quick is None:
        return 5 * MINUTE
    outage = detection_time(quick, allowed=allowed, error_ratio=1.0) or quick.long * MINUTE
    return math.ceil((outage + quick.short * MINUTE / 2) / MINUTE) * MINUTE


def is_absent(
    last_data_at: datetime | None, *, counts_from: datetime, until: datetime, after: timedelta
) -> bool:
    """Whether nothing is known since too long; `last_data_at` is the end of the last minute."""
    return until - max(last_data_at or counts_from, counts_from) >= after


def others(rules: AlertRules, *, state: BudgetState, absent: bool) -> set[AlertKind]:
    """The alerts beside those of the pairs."""
    found = set()
    if rules.absent and absent:
        found.add(AlertKind.ABSENT)
    if rules.exhausted and state is BudgetState.FROZEN:
        found.add(AlertKind.EXHAUSTED)
    return found


def _held_back(fitted: Fitted, parts: Sequence[Part], rules: LowTraffic, traffic: Traffic) -> str:
    """Which rule says that this is no proof; "" for none."""
    total = sum(part.tally.total for part in parts)
    bad = sum(part.tally.bad for part in parts)
    if total < rules.least_total or bad < rules.least_bad - _EDGE:
        return "few events"
    if rules.budget_share and _budget_share(parts, traffic) < fitted.share - _EDGE:
        return "small share of the budget"
    if rules.exact and len(parts) == 1 and not _is_proof(fitted.pair, parts[0]):
        return "may be chance"
    return ""


def _budget_share(parts: Sequence[Part], traffic: Traffic) -> float:
    """How much of the budget of the whole period went in this window."""
    return sum(
        part.weight * part.tally.bad / (part.allowed * max(expected, part.tally.total))
        for part, expected in zip(parts, traffic.expected, strict=True)
        if part.tally.total > 0
    )


def _is_proof(pair: Pair, part: Part) -> bool:
    """Exact binomial test: so many bad ones or more, were the true ratio just at the factor."""
    from scipy.stats import binomtest  # noqa: PLC0415 - large, and few objectives want it

    at_factor = min(1.0, pair.factor * part.allowed)
    total = round(part.tally.total)
    bad = min(round(part.tally.bad), total)
    if not total:
        return False
    chance: float = binomtest(bad, total, at_factor, alternative="greater").pvalue
    return chance < LIKELY
