"""How alike two incidents are, as a score whose parts people can check.

Each part is a number from 0 to 1. A part that one of the two says nothing about is left out, and
the weights of the others grow in proportion: an incident without a post-mortem is not less alike,
it is less known. The weights are those of the table below; the best of four measures is the part
of the texts: words of the titles, words of all, letters of the titles, and the texts as they were
read at night where the extra for it is installed.
"""

import math
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from evenfall.incidents.ports import Weigh, letters, likeness

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


class Traits(Struct, frozen=True, kw_only=True):
    """What an incident is compared by. `title` and `words` are sets of words of one measure.

    `heading` is the title in its order, without what differs each time.
    """

    heading: str = ""
    title: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
    factors: frozenset[str] = frozenset()
    alerts: frozenset[str] = frozenset()
    releases: frozenset[str] = frozenset()


class Read(Struct, frozen=True, kw_only=True):
    """What the night found of two texts: their cosine (0 to 1), and the words that count most."""

    cosine: float = 0.0
    words: tuple[str, ...] = ()


class PartScore(Struct, frozen=True, kw_only=True):
    """One part: how alike (0 to 1), what share of the score it has, and what the two share.

    Of texts also: how much of the letters of the titles is the same, and what the night found.
    """

    part: Part
    value: float
    share: float
    shared: tuple[str, ...]
    letters: float = 0.0
    read: Read = Read()

    @property
    def points(self) -> float:
        return self.value * self.share


class Score(Struct, frozen=True, kw_only=True):
    """The parts, in the order of their weights; only those that both say something about."""

    parts: tuple[PartScore, ...]

    @property
    def value(self) -> float:
        return min(1.0, math.fsum(part.points for part in self.parts))


def compare(
    one: Traits, other: Traits, *, weigh: Weigh = lambda _word: 1.0, read: Read | None = None
) -> Score:
    """The score of two incidents; the same whoever is first."""
    found = (
        _text(one, other, weigh, read or Read()),
        *(_part(part, one, other) for part in Part if part is not Part.TEXT),
    )
    known = [part for part in found if part is not None]
    whole = math.fsum(part.share for part in known)
    return Score(parts=tuple(replace(part, share=part.share / whole) for part in known))


def faded(score: float, age: timedelta) -> float:
    """What a score is worth for the order of suggestions: half after 180 days."""
    return float(score * 0.5 ** (max(age, timedelta(0)) / HALF_LIFE))


def rank(score: float, *, at: datetime, now: datetime) -> float:
    """The place of an earlier incident of `at` among the suggestions."""
    return faded(score, now - at)


def _part(part: Part, one: Traits, other: Traits) -> PartScore | None:
    mine: frozenset[str] = getattr(one, part.value)
    theirs: frozenset[str] = getattr(other, part.value)
    if not mine or not theirs:
        return None
    return PartScore(
        part=part,
        value=len(mine & theirs) / len(mine | theirs),
        share=WEIGHTS[part],
        shared=tuple(sorted(mine & theirs)),
    )


def _text(one: Traits, other: Traits, weigh: Weigh, read: Read) -> PartScore | None:
    """Two descriptions of one problem differ more than its titles do: the better one counts."""
    if not one.words or not other.words:
        return None
    by_title = likeness(one.title, other.title, weigh)
    by_words = likeness(one.words, other.words, weigh)
    by_letters = letters(one.heading, other.heading)
    shared = sorted(one.words & other.words, key=lambda word: (-weigh(word), word))
    return PartScore(
        part=Part.TEXT,
        value=max(by_title, by_words, by_letters, read.cosine),
        share=WEIGHTS[Part.TEXT],
        shared=tuple(shared),
        letters=by_letters,
        read=read,
    )
