"""How evenly something is spread over people, and how evenly chance alone would have spread it.

Gini's coefficient is the mean difference between two people over twice the mean (C. Gini,
Variabilità e mutabilità, 1912); Jain's index is that of R. Jain, D. Chiu and W. Hawe, A
quantitative measure of fairness, DEC TR-301, 1984.
"""

from collections.abc import Sequence
from itertools import combinations
from math import exp, floor, lgamma, log, log1p, pi, sqrt
from statistics import fmean, median, pstdev

from msgspec import Struct

LEAST_PEOPLE = 4
"""With fewer people an index says nothing: only the table and the range are shown."""
TARGET_STANDBY = 0.15
TARGET_PAGES = 0.25
MOST_COUNTED = 300
"""Up to so many events the chance baseline is exact, beyond it the normal curve is as good."""


class Spread(Struct, frozen=True, kw_only=True):
    """How evenly values are spread over `people`. Indices are None for fewer than four people.

    gini           0 for all the same, towards 1 for one who has everything
    variation      coefficient of variation: standard deviation over mean
    max_to_median  what the busiest has, in medians; None when the median is 0
    jain           1 for all the same, 1/n for one who has everything
    span           the most less the least
    """

    people: int
    mean: float
    span: float
    gini: float | None = None
    variation: float | None = None
    max_to_median: float | None = None
    jain: float | None = None


def spread(values: Sequence[float]) -> Spread:
    """Of values that are zero or more."""
    if not values:
        return Spread(people=0, mean=0.0, span=0.0)
    mean, span = fmean(values), max(values) - min(values)
    if len(values) < LEAST_PEOPLE:
        return Spread(people=len(values), mean=mean, span=span)
    middle = median(values)
    return Spread(
        people=len(values),
        mean=mean,
        span=span,
        gini=gini(values),
        variation=pstdev(values) / mean if mean else 0.0,
        max_to_median=max(values) / middle if middle else None,
        jain=jain(values),
    )


def gini(values: Sequence[float]) -> float:
    """The sum of |x_i - x_j| / (2 n^2 mean), from 0 up to (n - 1) / n; 0 for nothing."""
    total = sum(values)
    if not total:
        return 0.0
    count = len(values)
    # in order, x_i is the larger one of i pairs and the smaller one of n - 1 - i
    ranked = sum((2 * place - count + 1) * value for place, value in enumerate(sorted(values)))
    return max(0.0, ranked / (count * total))


def jain(values: Sequence[float]) -> float:
    """(sum x)^2 / (n sum x^2); 1 for nothing."""
    # scaled by the largest, so that no square is lost
    largest = max(values)
    if not largest:
        return 1.0
    scaled = [value / largest for value in values]
    return sum(scaled) ** 2 / (len(scaled) * sum(value * value for value in scaled))


def expected_gini(events: int, shares: Sequence[float]) -> float:
    """The Gini that chance alone gives when each event hits one person, by their shares.

    Each event hits person i with probability s_i / sum s; what is compared are x_i / s_i. A
    formula, no simulation: of the m events that hit i or j, i has a binomial number K with
    r = s_i / (s_i + s_j), and the mean of |K - m r| is de Moivre's (Miscellanea Analytica, 1730;
    see P. Diaconis and S. Zabell, Closed form summation for classical distributions, 1991). The
    mean of x_i / s_i is events / sum s; that the mean itself varies when shares differ is left
    out. Beyond 300 events the difference is taken as normal with the variance
    events / sum s * (1 / s_i + 1 / s_j).
    """
    if not events:
        return 0.0
    total, known = sum(shares), dict[tuple[float, float], float]()
    for pair in combinations(sorted(shares), 2):
        if pair not in known:
            known[pair] = _mean_difference(events, *pair, total)
    differences = 2 * sum(known[pair] for pair in combinations(sorted(shares), 2))
    return differences / (2 * len(shares) ** 2 * (events / total))


def _mean_difference(events: int, one: float, other: float, total: float) -> float:
    """The mean of |x_i / s_i - x_j / s_j|."""
    if events > MOST_COUNTED:
        return sqrt(2 / pi * (events / total) * (1 / one + 1 / other))
    both = (one + other) / total
    scale = (one + other) / (one * other)
    chances = (_binomial(events, hits, both) for hits in range(events + 1))
    ratio = one / (one + other)
    return scale * sum(chance * _deviation(hits, ratio) for hits, chance in enumerate(chances))


def _deviation(trials: int, chance: float) -> float:
    """The mean of |K - trials * chance| of a binomial K: de Moivre's formula."""
    if not trials:
        return 0.0
    above = floor(trials * chance) + 1
    return 2 * above * _binomial(trials, above, chance) * (1 - chance)


def _binomial(trials: int, hits: int, chance: float) -> float:
    if chance >= 1:
        return float(hits == trials)
    choose = lgamma(trials + 1) - lgamma(hits + 1) - lgamma(trials - hits + 1)
    return exp(choose + hits * log(chance) + (trials - hits) * log1p(-chance))
