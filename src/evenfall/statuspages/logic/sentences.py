"""The sentence at the top of a page, and the formula below its bars."""

from collections.abc import Sequence
from typing import Final

from evenfall.statuspages.logic.phrases import Language, Phrases, phrases
from evenfall.statuspages.logic.uptime import Weights
from evenfall.statuspages.logic.words import Status, worst

ENGLISH: Final = phrases(Language.EN)
_SOME: Final = (Status.DEGRADED, Status.PARTIAL, Status.MAJOR)


def overall(statuses: Sequence[Status], words: Phrases = ENGLISH) -> tuple[Status, str]:
    """The worst status, and what to say of all components together."""
    if not statuses:
        return Status.UNKNOWN, words["nothing_shown"]
    status = worst(list(statuses))
    if all(one is status for one in statuses):
        return status, words[f"all_{status.value}"]
    if status is Status.OPERATIONAL:
        return status, words["watched_operational"]
    kind = "some" if status in _SOME else "all"
    return status, words[f"{kind}_{status.value}"]


def formula(
    weights: Weights, *, counts_maintenance: bool, days: int, words: Phrases = ENGLISH
) -> str:
    """How the figures of a page are made, for whoever wants to check them."""
    signs = {"minus": "\N{MINUS SIGN}", "times": "\N{MULTIPLICATION SIGN}"}
    parts = (
        (Status.MAJOR, weights.major),
        (Status.PARTIAL, weights.partial),
        (Status.DEGRADED, weights.degraded),
    )
    down = " + ".join(
        f"{float(weight):g} {signs['times']} {words[f'counted_{status.value}']}"
        for status, weight in parts
    )
    phrase = words["formula_counting" if counts_maintenance else "formula"]
    return phrase.format(days=days, down=down, **signs)
