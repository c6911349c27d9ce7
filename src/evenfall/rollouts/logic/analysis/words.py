"""What tests and their numbers are called."""

from collections.abc import Callable, Mapping
from typing import Final

from msgspec import Struct

from evenfall.rollouts.logic.analysis.findings import Finding, Lane, figure, percent
from evenfall.rollouts.logic.analysis.judging import Label
from evenfall.rollouts.logic.verdicts import Outcome

LANES: Final = {
    Lane.GUARD: "Guard",
    Lane.BURN: "Burn of the error budget",
    Lane.SEQUENTIAL: "Sequential test",
    Lane.RANK: "Rank test",
    Lane.CONDITION: "Condition",
    Lane.SCORE: "Score",
}
TESTS: Final = {
    Lane.GUARD: "More errors than may be, whatever the stable side does.",
    Lane.BURN: "The new side's own errors against the objective, over an hour and five minutes.",
    Lane.SEQUENTIAL: "Wald's sequential test: error rates of the new side and of the stable one.",
    Lane.RANK: (
        "Two-sided Mann-Whitney rank test, with the Hodges-Lehmann shift and its 98 % interval."
    ),
    Lane.CONDITION: "Each value of the new side against its conditions.",
    Lane.SCORE: "The share of metrics that pass, by the weight of their groups.",
}
OUTCOMES: Final = {
    Outcome.PASS: "Pass",
    Outcome.NO_DATA: "Not enough data",
    Outcome.INCONCLUSIVE: "Inconclusive",
    Outcome.FAIL: "Fail",
}
LABELS: Final = {
    Label.PASS: "Pass",
    Label.HIGH: "Too high",
    Label.LOW: "Too low",
    Label.NO_DATA: "No data",
    Label.NO_DATA_FAILS: "No data, which fails",
    Label.TOO_FEW: "Too few values",
}

type Say = Callable[[float], str]


def _whole(value: float) -> str:
    return f"{value:.0f}"


def _times(value: float) -> str:
    return f"{value:.3g} times"


_SHARED: Final[Mapping[str, tuple[str, Say]]] = {
    "errors": ("Errors of the new side", _whole),
    "requests": ("Requests of the new side", _whole),
    "stable_errors": ("Errors of the stable side", _whole),
    "stable_requests": ("Requests of the stable side", _whole),
    "short_errors": ("Errors in five minutes", _whole),
    "short_requests": ("Requests in five minutes", _whole),
    "limit": ("So much may fail", percent),
    "ticks": ("Bad looks in a row that are enough", _whole),
    "window_s": ("Window, seconds", _whole),
    "burn": ("Burn", _times),
    "short_burn": ("Burn in five minutes", _times),
    "factor": ("Fails from", _times),
    "target": ("Objective", percent),
    "p0": ("Error rate of the stable side, at most", percent),
    "p1": ("Error rate that is worse", percent),
    "llr": ("Evidence (log likelihood ratio)", figure),
    "round": ("Round", _whole),
    "value": ("Last value", figure),
    "samples": ("Values of the new side", _whole),
    "baseline_samples": ("Values of the stable side", _whole),
    "effect": ("Effect", figure),
    "statistic": ("Mann-Whitney U", figure),
    "p_value": ("p-value", figure),
    "estimate": ("Shift", figure),
    "band": ("Does not count below", figure),
    "cles": ("Pairs in which the new side is higher", percent),
}
_OF_LANE: Final[Mapping[Lane, Mapping[str, tuple[str, Say]]]] = {
    Lane.SEQUENTIAL: {"lower": ("The round passes at", figure), "upper": ("Fails at", figure)},
    Lane.RANK: {"lower": ("Interval, from", figure), "upper": ("Interval, to", figure)},
}


class Said(Struct, frozen=True):
    """A number with its name, for people."""

    name: str
    text: str


def numbers_said(finding: Finding) -> tuple[Said, ...]:
    """All numbers of a finding that have a name, in an order that is the same each time."""
    known = {**_SHARED, **_OF_LANE.get(finding.lane, {})}
    return tuple(
        Said(name, say(finding.numbers[key]))
        for key, (name, say) in known.items()
        if key in finding.numbers
    )
