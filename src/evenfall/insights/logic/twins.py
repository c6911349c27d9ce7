"""Two names of one problem: alerts of a service that nearly always open together."""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

LEAST: Final = 5
_NEARLY_ALL: Final = 0.9


class Pair(Struct, frozen=True, kw_only=True):
    """Two names in one service and environment, by their problem keys.

    Openings within two minutes count once: `first_with` of `first_times` came together with the
    other, and so for the second. `after_first` are alerts of the second that came with or after one
    of the first, `after_second` the other way round.
    """

    first: str
    second: str
    first_times: int
    second_times: int
    first_with: int
    second_with: int
    after_first: tuple[int, ...]
    after_second: tuple[int, ...]


class Twin(Struct, frozen=True, kw_only=True):
    """`symptom` says nothing that `cause` does not say; `held` alerts of it would have waited."""

    cause: str
    symptom: str
    held: tuple[int, ...]
    together: int
    times: int


def twins(pairs: Iterable[Pair]) -> list[Twin]:
    """Return at most one for each name, the one that came together most often.

    A name that is the cause of one is nobody's symptom: else two could wait for each other.
    """
    found: dict[str, Twin] = {}
    causes: set[str] = set()
    for pair in sorted(pairs, key=lambda one: (-_together(one), one.first, one.second)):
        one = _twin(pair)
        if one is None or one.symptom in found or one.symptom in causes or one.cause in found:
            continue
        found[one.symptom] = one
        causes.add(one.cause)
    return list(found.values())


def _twin(pair: Pair) -> Twin | None:
    """The one that comes first more often stays; that most of its alerts come together is not
    enough: else a name that means less than the other would be hidden.
    """
    if _together(pair) < LEAST:
        return None
    if pair.first_with < _NEARLY_ALL * pair.first_times:
        return None
    if pair.second_with < _NEARLY_ALL * pair.second_times:
        return None
    is_first = len(pair.after_first) >= len(pair.after_second)
    return Twin(
        cause=pair.first if is_first else pair.second,
        symptom=pair.second if is_first else pair.first,
        held=pair.after_first if is_first else pair.after_second,
        together=pair.second_with if is_first else pair.first_with,
        times=pair.second_times if is_first else pair.first_times,
    )


def _together(pair: Pair) -> int:
    return min(pair.first_with, pair.second_with)


def words(one: Twin, cause: str) -> str:
    return (
        f"{one.together} of {one.times} times it opened within two minutes of {cause}, and that "
        f"one seldom without it: two names of one problem."
    )
