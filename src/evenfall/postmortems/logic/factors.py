"""Contributing factors: one spelling for each, and which existing one may be meant."""

from collections.abc import Collection
from difflib import SequenceMatcher
from typing import Final

NAME_LENGTH: Final = 120
ALIKE: Final = 0.75


def shown(name: str) -> str:
    """The name as people read it: one line, at most 120 characters."""
    return " ".join(name.split())[:NAME_LENGTH].rstrip(" .")


def key(name: str) -> str:
    """The same for names that differ in case, white space, hyphens or a final full stop only."""
    return shown(name.replace("-", " ").replace("_", " ")).casefold()


def alike(name: str, known: Collection[str], *, limit: int = 5) -> list[str]:
    """The known names that may mean the same, most alike first; the very same is left out."""
    wanted = key(name)
    scored = [(_ratio(wanted, key(one)), one) for one in known if key(one) != wanted]
    near = sorted((-score, one) for score, one in scored if score >= ALIKE)
    return [one for _, one in near[:limit]]


def _ratio(one: str, other: str) -> float:
    """How alike two keys are, whatever the order of their words."""
    first, second = (" ".join(sorted(text.split())) for text in (one, other))
    straight = SequenceMatcher(None, one, other).ratio()
    return max(straight, SequenceMatcher(None, first, second).ratio())
