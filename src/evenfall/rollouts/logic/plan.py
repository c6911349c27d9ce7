"""What a rollout will do, step by step. A plan is frozen into the rollout when it begins.

Canary and blue/green are one machine: both are steps at some weight, then all traffic at once, then
a watch. A step has one of the words of Argo Rollouts (`setWeight`, `setHeaderRoute`, `pause`,
`analysis`), so that who knows those can write ours.
"""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from msgspec import Struct, field
from msgspec.structs import replace

from evenfall.platform import durations

ALL: Final = 100
HALF: Final = 50
MOST_STEPS: Final = 30
DAY_S: Final = 86_400
_LONGEST_S: Final = 14 * DAY_S
_HEADER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,59}")
_VALUE: Final = re.compile(r"[A-Za-z0-9._-]{0,60}")
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}|")
_LENGTH: Final = re.compile(r"([0-9]{1,9})([smh]?)")
_UNITS: Final = {"s": 1, "m": 60, "h": 3600}


class PlanUnclear(ValueError):
    """Why a plan cannot be read; the first argument is for people."""


class Strategy(StrEnum):
    """How the new version gets its traffic."""

    CANARY = "canary"
    """A little more at each step."""
    BLUE_GREEN = "blue_green"
    """None, and then all at once."""


class Do(StrEnum):
    """What a step does."""

    WEIGHT = "setWeight"
    HEADERS = "setHeaderRoute"
    PAUSE = "pause"
    ANALYSIS = "analysis"


class Step(Struct, frozen=True, kw_only=True):
    """One step. `weight`: per cent of the requests for the new side, 0 to 99.

    `seconds` is how long a pause or an analysis lasts; a pause without waits for a person.
    Requests with the header at this value go to the new side; an empty value ends the route.
    `analysis` names what is compared besides the guard, "" for what the service has.
    """

    do: Do
    weight: int = 0
    seconds: int | None = None
    header: str = ""
    value: str = ""
    analysis: str = ""

    @property
    def moves_traffic(self) -> bool:
        return self.do in {Do.WEIGHT, Do.HEADERS}

    def words(self) -> str:
        if self.do is Do.WEIGHT:
            return f"{self.weight} % of the requests"
        if self.do is Do.HEADERS:
            return f"Requests with {self.header}: {self.value or 'no more'}"
        long = "until somebody says go" if self.seconds is None else durations.exact(self.seconds)
        return f"{'Pause' if self.do is Do.PAUSE else 'Analysis'} {long}"


class Guard(Struct, frozen=True, kw_only=True):
    """The fast lane: too many answers of the kind 5xx on the new side end a rollout.

    Of at least `least` requests within `window_s` seconds, more than `most_percent` and at least
    `least_errors` failed. Below `least` there is no data, which is never a pass.
    """

    most_percent: float = 5.0
    window_s: int = 30
    least: int = 20
    least_errors: int = 3


class Plan(Struct, frozen=True, kw_only=True):
    """`watch_s`: for how long after the promotion a failure leads back by itself; the old side is
    kept for `warm_s`, which is no less. `patience_s`: how much longer than planned a step waits for
    data before it asks a person. `deadline_s`: when a deploy or a switch that does not come about
    is given up. `baseline`: fresh instances of the stable version take as many requests as the new
    one in each step, and the new one is compared with those: both are as young and as cold.
    """

    strategy: Strategy
    steps: tuple[Step, ...]
    guard: Guard = field(default_factory=Guard)
    watch_s: int = 4 * 3600
    warm_s: int = 4 * 3600
    patience_s: int = 600
    deadline_s: int = 600
    baseline: bool = False

    def beside(self, weight: int) -> int:
        """The per cent of the baseline while the new side has `weight`; none with all traffic."""
        return weight if self.baseline and weight <= HALF else 0


class Traffic(Struct, frozen=True):
    """What the new side shall get: per cent of all requests, and those with a header."""

    weight: int = 0
    routes: tuple[tuple[str, str], ...] = ()


def traffic_at(plan: Plan, step: int) -> Traffic:
    """What the new side gets once this step (from 0) is done; before the first one nothing."""
    weight, routes = 0, dict[str, str]()
    for one in plan.steps[: step + 1]:
        if one.do is Do.WEIGHT:
            weight = one.weight
        elif one.do is Do.HEADERS:
            routes[one.header] = one.value
    return Traffic(weight, tuple((name, value) for name, value in routes.items() if value))


def read_plan(said: Mapping[str, Any]) -> Plan:
    """Read a plan as the API takes it; raises PlanUnclear. See `written` for the other way."""
    known = {*_WORDS, *_OF_BLUE_GREEN}
    _check_known(said, known, "the plan")
    strategy = _strategy(said.get("strategy", Strategy.CANARY.value))
    steps = _steps(said.get("steps", ()))
    if strategy is Strategy.BLUE_GREEN:
        if steps:
            raise PlanUnclear("Blue/green has no steps of its own: it switches once.")
        steps = _blue_green(said)
    elif not steps:
        raise PlanUnclear("A canary needs at least one step.")
    watch = _seconds(said.get("watch", "4h"), "watch")
    plan = Plan(
        strategy=strategy,
        steps=steps,
        guard=_guard(said.get("guard", {})),
        watch_s=watch,
        warm_s=_seconds(said.get("warm", watch), "warm"),
        patience_s=_seconds(said.get("patience", 600), "patience"),
        deadline_s=_seconds(said.get("deadline", 600), "deadline"),
        baseline=_baseline(said.get("baseline", False), strategy, steps),
    )
    if plan.warm_s < plan.watch_s:
        raise PlanUnclear("The old side must be kept at least as long as the new one is watched.")
    return plan


def written(plan: Plan) -> dict[str, Any]:
    """The plan as JSON, every value in it; `read_written` reads it back."""
    return {
        "strategy": plan.strategy.value,
        "steps": [_written_step(step) for step in plan.steps],
        "guard": {
            "most_percent": plan.guard.most_percent,
            "window": plan.guard.window_s,
            "least": plan.guard.least,
            "least_errors": plan.guard.least_errors,
        },
        "watch": plan.watch_s,
        "warm": plan.warm_s,
        "patience": plan.patience_s,
        "deadline": plan.deadline_s,
        "baseline": plan.baseline,
    }


def all_at_once(kept: Plan) -> Plan:
    """The way back to a version that was proven: no steps and no watch."""
    return replace(kept, strategy=Strategy.BLUE_GREEN, steps=(), baseline=False, watch_s=0)


def read_written(kept: Mapping[str, Any]) -> Plan:
    """Read what `written` wrote, a blue/green with the steps that it was made into."""
    strategy = Strategy(kept["strategy"])
    if strategy is Strategy.CANARY:
        return read_plan(kept)
    bare = {name: value for name, value in kept.items() if name != "steps"}
    return replace(read_plan(bare), steps=_steps(kept["steps"]))


_WORDS: Final = (
    "strategy",
    "steps",
    "baseline",
    "guard",
    "watch",
    "warm",
    "patience",
    "deadline",
)
_OF_BLUE_GREEN: Final = ("preview", "prePromotionAnalysis", "autoPromotion", "autoPromotionSeconds")


def _blue_green(said: Mapping[str, Any]) -> tuple[Step, ...]:
    """The order of Argo: preview, analysis before the switch, a person or a wait, the switch."""
    steps: list[Any] = []
    if said.get("preview"):
        steps.append({Do.HEADERS.value: said["preview"]})
    if said.get("prePromotionAnalysis"):
        steps.append({Do.ANALYSIS.value: said["prePromotionAnalysis"]})
    if not said.get("autoPromotion", True):
        steps.append({Do.PAUSE.value: {}})
    elif said.get("autoPromotionSeconds"):
        steps.append({Do.PAUSE.value: {"duration": said["autoPromotionSeconds"]}})
    return _steps(steps)


def _steps(said: object) -> tuple[Step, ...]:
    if not isinstance(said, Sequence) or isinstance(said, str) or len(said) > MOST_STEPS:
        raise PlanUnclear(f"The steps are a list of at most {MOST_STEPS}.")
    return tuple(_step(number, one) for number, one in enumerate(said, start=1))


def _step(number: int, said: object) -> Step:
    if not isinstance(said, Mapping) or len(said) != 1:
        raise PlanUnclear(f"Step {number} has exactly one of {', '.join(Do)}.")
    word, value = next(iter(said.items()))
    where = f"Step {number} ({word})"
    if word == Do.WEIGHT:
        return Step(do=Do.WEIGHT, weight=_whole(value, where, 0, ALL - 1))
    if word not in set(Do):
        raise PlanUnclear(f"Step {number}: {word} is none of {', '.join(Do)}.")
    if not isinstance(value, Mapping):
        raise PlanUnclear(f"{where} takes an object.")
    if word == Do.HEADERS:
        return _headers(where, value)
    return _waiting(Do(word), where, value)


def _headers(where: str, said: Mapping[str, Any]) -> Step:
    _check_known(said, {"name", "value"}, where)
    name, value = str(said.get("name", "")), str(said.get("value", ""))
    if not _HEADER.fullmatch(name) or not _VALUE.fullmatch(value):
        raise PlanUnclear(f"{where}: letters, digits and dashes, at most sixty.")
    return Step(do=Do.HEADERS, header=name, value=value)


def _waiting(do: Do, where: str, said: Mapping[str, Any]) -> Step:
    _check_known(said, {"duration", "name"}, where)
    name, length = str(said.get("name", "")), said.get("duration")
    if not _NAME.fullmatch(name):
        raise PlanUnclear(f"{where}: {name[:60]} is no name.")
    if do is Do.ANALYSIS and length is None:
        raise PlanUnclear(f"{where} takes a duration.")
    seconds = None if length is None else _seconds(length, where)
    return Step(do=do, seconds=seconds, analysis=name)


def _written_step(step: Step) -> dict[str, Any]:
    if step.do is Do.WEIGHT:
        return {step.do.value: step.weight}
    if step.do is Do.HEADERS:
        return {step.do.value: {"name": step.header, "value": step.value}}
    length = {} if step.seconds is None else {"duration": step.seconds}
    return {step.do.value: {**length, **({"name": step.analysis} if step.analysis else {})}}


def _guard(said: object) -> Guard:
    if not isinstance(said, Mapping):
        raise PlanUnclear("The guard is an object.")
    _check_known(said, {"most_percent", "window", "least", "least_errors"}, "guard")
    plain = Guard()
    percent = said.get("most_percent", plain.most_percent)
    if isinstance(percent, bool) or not isinstance(percent, int | float) or not 0 <= percent < ALL:
        raise PlanUnclear("guard: most_percent is a number from 0 to below 100.")
    return Guard(
        most_percent=float(percent),
        window_s=max(_seconds(said.get("window", plain.window_s), "guard"), 2),
        least=_whole(said.get("least", plain.least), "guard", 1, 1_000_000),
        least_errors=_whole(said.get("least_errors", plain.least_errors), "guard", 1, 1_000_000),
    )


def _baseline(said: object, strategy: Strategy, steps: Sequence[Step]) -> bool:
    if not isinstance(said, bool):
        raise PlanUnclear("baseline is true or false.")
    if said and strategy is Strategy.BLUE_GREEN:
        raise PlanUnclear("Blue/green has no baseline: before the switch nothing is compared.")
    if said and any(step.weight > HALF for step in steps):
        reason = f"With a baseline no step has more than {HALF} %: it takes as much again."
        raise PlanUnclear(reason)
    return said


def _strategy(word: object) -> Strategy:
    if not isinstance(word, str) or word not in set(Strategy):
        raise PlanUnclear(f"The strategy is one of {', '.join(Strategy)}.")
    return Strategy(word)


def _seconds(said: object, where: str) -> int:
    """Seconds as a number, or as text with a unit: 90, "90s", "5m", "4h"."""
    if isinstance(said, str) and (found := _LENGTH.fullmatch(said)):
        said = int(found[1]) * _UNITS[found[2] or "s"]
    return _whole(said, where, 0, _LONGEST_S)


def _whole(said: object, where: str, least: int, most: int) -> int:
    if isinstance(said, bool) or not isinstance(said, int) or not least <= said <= most:
        raise PlanUnclear(f"{where} takes a whole number from {least} to {most}.")
    return said


def _check_known(said: Mapping[str, Any], known: set[str], where: str) -> None:
    strange = sorted(set(map(str, said)) - known)
    if strange:
        raise PlanUnclear(f"{where} knows no {strange[0][:40]}.")
