"""How alike two texts are: the one measure for declaring, for lists and for patterns.

A text is the set of its words, without what differs each time: numbers, ids, hashes, times and the
numbers of hosts. Two texts are as alike as the angle between their sets is small (cosine); a word
may weigh more than another, as those do that few incidents have. Titles that differ by a typing
error only are compared by their letters.
"""

import math
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

type Weigh = Callable[[str], float]

_ADDRESS = re.compile(r"\b\w+://\S+|\b\S+@\S+")
_ID = re.compile(r"\b(?:[0-9a-f]{8}-[0-9a-f-]{8,}|(?=[a-f]*[0-9])[0-9a-f]{7,})\b")
_TOKEN = re.compile(r"[^\W_]+")
# "502", "5xx" and "p99" say what is wrong; other numbers differ each time
_TELLING = re.compile(r"[45](?:\d\d|xx)|p\d{2,3}")
_ENDS_IN_NUMBER = re.compile(r"\d+$")
_ENDING = re.compile(r"(?:ing|ed|(?<!s)s)$")
_SMALL: Final = frozenset(
    _TOKEN.findall(
        "a an and are as at be by for from has have in is it its no not of on or our than that "
        "the their there this to was we were while will with"
    )
)
_SHORTEST_STEM: Final = 3
NEARLY_EQUAL: Final = 0.85
_SAME_WORD: Final = 0.8
_LONGEST: Final = 200


@lru_cache(maxsize=1024)
def words(text: str) -> frozenset[str]:
    """The words that tell what it is about, each in its shortest form ("failing" is "fail").

    Remembered: the same open incidents are compared again with each that somebody looks at.
    """
    return frozenset(word_list(text))


def word_list(text: str) -> list[str]:
    """The same in their order, as often as they stand there."""
    plain = _ID.sub(" ", _ADDRESS.sub(" ", text.casefold()))
    found = (_word(token) for token in _TOKEN.findall(plain))
    return [word for word in found if word]


@lru_cache(maxsize=1024)
def plain_title(title: str) -> str:
    """A title without what differs each time, to be compared letter by letter."""
    return " ".join(word_list(title))[:_LONGEST]


def letters(one: str, other: str) -> float:
    """How much of the letters of two plain titles is the same, whoever is first.

    From 0.85 to 1.0, or 0.0 for titles that are not almost equal: twice the letters that both have
    in one order, of all letters. The words that only one of them has must be almost equal as well,
    as they are after a typing error: "api eu down" and "api us down" are two problems.
    """
    from rapidfuzz import fuzz  # noqa: PLC0415 - 3 MB that only who compares titles should pay

    # the whole first: it tells most titles apart, and costs a tenth of taking them to words
    alike = fuzz.ratio(one, other, score_cutoff=100 * NEARLY_EQUAL) if one and other else 0.0
    if not alike:
        return 0.0
    mine, theirs = one.split(), other.split()
    left = " ".join(word for word in mine if word not in theirs)
    right = " ".join(word for word in theirs if word not in mine)
    if not fuzz.ratio(left, right, score_cutoff=100 * _SAME_WORD):
        return 0.0
    return alike / 100


def likeness(one: frozenset[str], other: frozenset[str], weigh: Weigh | None = None) -> float:
    """From 0.0 (nothing in common, or nothing said) to 1.0 (the same words), whoever is first."""
    shared = _square(one & other, weigh)
    both = math.sqrt(_square(one, weigh)) * math.sqrt(_square(other, weigh))
    return min(1.0, shared / both) if both else 0.0


def _square(found: frozenset[str], weigh: Weigh | None) -> float:
    if weigh is None:
        return float(len(found))
    # the exact sum does not depend on the order of the set
    return math.fsum(weigh(word) ** 2 for word in found)


def _word(token: str) -> str:
    if _TELLING.fullmatch(token):
        return token
    plain = _ENDS_IN_NUMBER.sub("", token)
    if plain in _SMALL or len(plain) < 2 or not plain.isalpha():  # noqa: PLR2004 - one letter says nothing
        return ""
    stem = _ENDING.sub("", plain)
    return (stem if len(stem) >= _SHORTEST_STEM else plain).removesuffix("e")
