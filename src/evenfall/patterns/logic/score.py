"""How alike two incidents are, as a score whose parts people can check.

Each part is a number from 0 to 1. A part that one of the two says nothing about is left out, and
the weights of the others grow in proportion: an incident without a post-mortem is not less alike,
it is less known.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from evenfall.incidents.ports import Weigh, likeness

ENOUGH: Final = 0.6
HALF_LIFE: Final = timedelta(days=180)


class Part(StrEnum):
    """What is compared; the values are stored."""

    TEXT = "text"
    SERVICES = "services"
    FACTORS = "factors"
    ALERTS = "alerts"
    RELEASES = "releases"


WEIGHTS: Final = {
    Part.TEXT: 0.35,
    Part.SERVICES: 0.20,
    Part.FACTORS: 0.20,
    Part.ALERTS: 0.15,
    Part.RELEASES: 0.10,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What an incident is compared by. `title` and `words` are sets of words of one measure."""

    title: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
    factors: frozenset[str] = frozenset()
    alerts: frozenset[str] = frozenset()
    releases: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class PartScore:
    """One part: how alike (0 to 1), what share of the score it has, and what the two share."""

    part: Part
    value: float
    share: float
    shared: tuple[str, ...]

    @property
    def points(self) -> float:
        return self.value * self.share


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The parts, in the order of their weights; only those that both say something about."""

    parts: tuple[PartScore, ...]

    @property
    def value(self) -> float:
        return min(1.0, math.fsum(part.points for part in self.parts))


def compare(one: Traits, other: Traits, *, weigh: Weigh = lambda _word: 1.0) -> Score:
    """The score of two incidents; the same whoever is first."""
    found = {part: _part(part, one, other, weigh) for part in Part}
    known = {part: both for part, both in found.items() if both is not None}
    whole = math.fsum(WEIGHTS[part] for part in known)
    return Score(
        parts=tuple(
            PartScore(part=part, value=value, share=WEIGHTS[part] / whole, shared=shared)
            for part, (value, shared) in known.items()
        )
    )


def faded(score: float, age: timedelta) -> float:
    """What a score is worth for the order of suggestions: half after 180 days."""
    return float(score * 0.5 ** (max(age, timedelta(0)) / HALF_LIFE))


def rank(score: float, *, at: datetime, now: datetime) -> float:
    """The place of an earlier incident of `at` among the suggestions."""
    return faded(score, now - at)


type _Both = tuple[float, tuple[str, ...]]


def _part(part: Part, one: Traits, other: Traits, weigh: Weigh) -> _Both | None:
    if part is Part.TEXT:
        return _text(one, other, weigh)
    mine: frozenset[str] = getattr(one, part.value)
    theirs: frozenset[str] = getattr(other, part.value)
    if not mine or not theirs:
        return None
    return len(mine & theirs) / len(mine | theirs), tuple(sorted(mine & theirs))


def _text(one: Traits, other: Traits, weigh: Weigh) -> _Both | None:
    """Two descriptions of one problem differ more than its titles do: the better one counts."""
    if not one.words or not other.words:
        return None
    by_title = likeness(one.title, other.title, weigh)
    value = max(by_title, likeness(one.words, other.words, weigh))
    shared = sorted(one.words & other.words, key=lambda word: (-weigh(word), word))
    return value, tuple(shared)
