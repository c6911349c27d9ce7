"""Whether the values of one side are shifted against those of the other, and by how much.

The two-sided rank test of Mann and Whitney (1947) with the shift of Hodges and Lehmann (1963) and
its confidence interval. The normal approximation is used, with the standard deviation corrected
for ties and a continuity correction; the ends of the interval and the shift are the roots over mu
of the statistic of (x - mu, y). This is what R's `wilcox.test(x, y, conf.int=TRUE, exact=FALSE)`
computes, and what the judge of Kayenta goes by.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from msgspec import Struct

if TYPE_CHECKING:
    import numpy as np

    type Values = np.ndarray[tuple[int], np.dtype[np.float64]]

CONFIDENCE: Final = 0.98


class Shift(Struct, frozen=True, kw_only=True):
    """`estimate` is how much higher x is than y, between `lower` and `upper`.

    `statistic` is the number of pairs in which x is higher, ties count half; `cles` is its share
    of all pairs, the common language effect size: 0.5 when neither side is higher.
    """

    statistic: float
    p_value: float
    estimate: float
    lower: float
    upper: float
    cles: float


def compare(x: Sequence[float], y: Sequence[float], *, confidence: float = CONFIDENCE) -> Shift:
    """Compare two samples of finite values. Both must have some, and not all may be the same."""
    import numpy as np  # noqa: PLC0415 - 30 MB that only an analysis needs
    from scipy.special import ndtri  # noqa: PLC0415 - likewise

    ours, theirs = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    quantile = float(ndtri(1 - (1 - confidence) / 2))
    statistic = _statistic(ours, theirs, 0.0)
    return Shift(
        statistic=statistic,
        p_value=_p_value(_z(ours, theirs, 0.0, correct=True)),
        estimate=_root(ours, theirs, 0.0, correct=False),
        lower=_root(ours, theirs, quantile, correct=True),
        upper=_root(ours, theirs, -quantile, correct=True),
        cles=statistic / (len(ours) * len(theirs)),
    )


def _p_value(z: float) -> float:
    from scipy.special import ndtr  # noqa: PLC0415 - loaded where it runs

    return min(1.0, 2 * float(ndtr(-abs(z))))


def _statistic(x: "Values", y: "Values", mu: float) -> float:
    ranks, n = _ranks(x, y, mu), len(x)
    return float(ranks[:n].sum() - n * (n + 1) / 2)


def _ranks(x: "Values", y: "Values", mu: float) -> "Values":
    import numpy as np  # noqa: PLC0415 - loaded where it runs
    from scipy.stats import rankdata  # noqa: PLC0415 - likewise

    ranks: Values = rankdata(np.concatenate([x - mu, y]))
    return ranks


def _z(x: "Values", y: "Values", mu: float, *, correct: bool) -> float:
    """The standardised statistic of (x - mu, y); falls as mu grows."""
    import numpy as np  # noqa: PLC0415 - loaded where it runs

    n, m = len(x), len(y)
    ranks = _ranks(x, y, mu)
    _, ties = np.unique(ranks, return_counts=True)
    off = float(ranks[:n].sum()) - n * (n + 1) / 2 - n * m / 2
    tied = float((ties.astype(float) ** 3 - ties).sum()) / ((n + m) * (n + m - 1))
    sigma = float(np.sqrt(n * m / 12 * ((n + m + 1) - tied)))
    if sigma == 0:  # all values tied at this mu: there is nothing to tell apart
        return 0.0
    correction = 0.5 * float(np.sign(off)) if correct else 0.0
    return (off - correction) / sigma


def _root(x: "Values", y: "Values", quantile: float, *, correct: bool) -> float:
    """The mu at which the statistic crosses the quantile, at the ends of what is possible else.

    The tolerance goes with the range of the values: R's fixed 1e-4 is coarse for error ratios.
    """
    from scipy.optimize import brentq  # noqa: PLC0415 - loaded where it runs

    low, high = float(x.min() - y.max()), float(x.max() - y.min())

    def off(mu: float) -> float:
        return _z(x, y, mu, correct=correct) - quantile

    if off(low) <= 0:
        return low
    if off(high) >= 0:
        return high
    return float(brentq(off, low, high, xtol=max((high - low) * 1e-9, 1e-300)))
