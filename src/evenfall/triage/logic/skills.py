"""Skills are words: what people can, and what an item wants of them."""

from collections.abc import Iterable

MOST = 20
LONGEST = 40


def skills_of(given: Iterable[str]) -> tuple[str, ...]:
    """The words in small letters, each once, by the alphabet."""
    return tuple(sorted({" ".join(one.lower().split()) for one in given} - {""}))


def are_sound(skills: Iterable[str]) -> bool:
    """Whether these are few and short enough to be words."""
    words = list(skills)
    return len(words) <= MOST and all(len(word) <= LONGEST for word in words)
