"""How an objective stands at the end of a minute: the budget, each pair, its state and its alerts.

Everything is a function of sums. Of a calendar window two figures are kept: against the traffic so
far, and against the traffic it is expected to have in the end. It freezes by the second, for a bad
first morning is not a bad month; what is reported when it is over is the first.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from evenfall.slo.logic.burning import (
    AlertKind,
    PairBurn,
    Traffic,
    absent_after,
    firing,
    is_absent,
    others,
    pair_burn,
)
from evenfall.slo.logic.pairs import Fitted, Severity, fit
from evenfall.slo.logic.policy import state_after
from evenfall.slo.logic.spec import AlertRules, Policy, Promise
from evenfall.slo.logic.states import BudgetState
from evenfall.slo.logic.tallies import Part, Tally, burn, spent_of, summed, time_left
from evenfall.slo.logic.windows import Bounds


class Counts(Struct, frozen=True, kw_only=True):
    """The sums of an objective, one part for each indicator, without what was corrected.

    `windows` are those of the pairs by their minutes, `whole` the window of the objective up to
    now and `raw` the same with everything. `expected` are the totals of the whole period.
    """

    windows: Mapping[int, Sequence[Part]]
    whole: Sequence[Part]
    raw: Sequence[Part]
    expected: Sequence[float]
    has_events: bool = True
    last_data_at: datetime | None = None


class Before(Struct, frozen=True, kw_only=True):
    """What was concluded a minute ago. `firing` has the names of the pairs by alert."""

    state: BudgetState = BudgetState.UNKNOWN
    since: datetime | None = None
    firing: Mapping[AlertKind, str]
    counts_from: datetime


class Evaluation(Struct, frozen=True, kw_only=True):
    """Shares are of the budget, None is unknown; `alerts` has the pair that fires where one does.

    A kind whose pair is None fires for another reason, or goes on for want of data.
    """

    window: Bounds
    tally: Tally
    spent: float | None
    spent_raw: float | None
    spent_forecast: float | None
    burn: float | None
    time_left: timedelta | None
    pairs: tuple[PairBurn, ...]
    state: BudgetState
    alerts: Mapping[AlertKind, PairBurn | None]

    @property
    def rest(self) -> float | None:
        """What is left, by the figure that decides."""
        return None if self.spent_forecast is None else 1 - self.spent_forecast


def evaluate(
    promise: Promise,
    counts: Counts,
    *,
    pairs: Sequence[Fitted],
    rules: AlertRules,
    policy: Policy,
    window: Bounds,
    before: Before,
    at: datetime,
) -> Evaluation:
    """Conclude from the sums up to `at`, the end of a whole minute.

    `pairs` are those of the rules, fitted to the window.
    """
    traffic = Traffic(expected=counts.expected, has_events=counts.has_events)
    burns = tuple(
        pair_burn(one, counts.windows, rules=rules.low_traffic, traffic=traffic) for one in pairs
    )
    spent = burn(counts.whole)
    decides = spent
    if not promise.window.is_rolling:
        decides = spent_of(counts.whole, counts.expected)
    rest = None if decides is None else 1 - decides
    is_new = not promise.window.is_rolling and before.since != window.since
    state = state_after(before.state, rest=rest, policy=policy, is_new_window=is_new)
    current = quick_burn(burns)
    return Evaluation(
        window=window,
        tally=summed(part.tally for part in counts.whole),
        spent=spent,
        spent_raw=burn(counts.raw),
        spent_forecast=decides,
        burn=current,
        time_left=None
        if rest is None
        else time_left(rest=rest, burn_now=current, period=window.length),
        pairs=burns,
        state=state,
        alerts=_alerts(promise, counts, rules, burns, state, before, at),
    )


def fitted_pairs(promise: Promise, rules: AlertRules, window: Bounds) -> tuple[Fitted, ...]:
    return fit(rules.pairs, scaling=rules.scaling, period=window.length, allowed=promise.allowed)


def quick_burn(burns: Sequence[PairBurn]) -> float | None:
    """How fast it burns just now: in the long window of the quickest pair."""
    pages = [one for one in burns if one.pair.severity is Severity.PAGE] or burns
    quick = min(pages, key=lambda one: one.pair.long, default=None)
    return quick.long if quick else None


def _alerts(
    promise: Promise,
    counts: Counts,
    rules: AlertRules,
    burns: Sequence[PairBurn],
    state: BudgetState,
    before: Before,
    at: datetime,
) -> dict[AlertKind, PairBurn | None]:
    if not rules.is_on:
        return {}
    absent = is_absent(
        counts.last_data_at,
        counts_from=before.counts_from,
        until=at,
        after=absent_after([one.fitted for one in burns], allowed=promise.allowed),
    )
    return {
        **firing(burns, before.firing),
        **dict.fromkeys(sorted(others(rules, state=state, absent=absent))),
    }
