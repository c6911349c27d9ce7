"""What a word weighs: one that few incidents have tells more (inverse document frequency)."""

import math
from collections.abc import Mapping

from evenfall.incidents.ports import Weigh


def weigher(uses: Mapping[str, int], *, incidents: int) -> Weigh:
    """A measure of words by how many of all incidents have them, at least 1.0.

    While nothing was counted yet (`incidents` is 0) all words weigh the same.
    """

    def weigh(word: str) -> float:
        used = min(uses.get(word, 0), incidents)
        return 1.0 + math.log((incidents + 1) / (used + 1))

    return weigh
