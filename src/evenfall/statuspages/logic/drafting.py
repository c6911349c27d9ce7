"""The first words about an incident, and whether any are prepared without being asked for.

They name components as readers know them, and nothing else: what is behind them stays inside.
"""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from evenfall.catalog.ports import Environment
from evenfall.incidents.ports import Sev
from evenfall.statuspages.logic.phrases import Phrases
from evenfall.statuspages.logic.words import Settled, Status

TITLE_LENGTH: Final = 200
_MOST_NAMED: Final = 3
_LIKELY: Final = {
    Sev.SEV1: Status.PARTIAL,
    Sev.SEV2: Status.PARTIAL,
    Sev.SEV3: Status.PARTIAL,
}


class Trouble(Struct, frozen=True, kw_only=True):
    """What of an incident decides whether readers should hear of it."""

    severity: Sev
    environment: Environment
    is_live: bool
    is_private: bool = False
    is_merged: bool = False


class Words(Struct, frozen=True, kw_only=True):
    """A title of at most 200 characters, and a text in Markdown."""

    title: str
    text: str


def past(trouble: Trouble) -> Settled | None:
    """Why nothing waits to be told of it any more; None: it may."""
    if trouble.is_merged:
        return Settled.MERGED
    if trouble.is_private:
        return Settled.PRIVATE
    return None if trouble.is_live else Settled.ENDED


def withdrawn(trouble: Trouble, least: Sev | None) -> Settled | None:
    """Why a post that waits is withdrawn; None: it goes on waiting.

    `least` as for `is_wanted`. A page that prepares nothing any more keeps what it prepared.
    """
    if (over := past(trouble)) is not None:
        return over
    is_milder = least is not None and not trouble.severity.is_as_bad_as(least)
    return Settled.MILDER if is_milder else None


def is_wanted(trouble: Trouble, least: Sev | None) -> bool:
    """Whether a first post is prepared; `least` is the mildest severity for which it is."""
    if least is None or past(trouble) is not None:
        return False
    is_bad = trouble.severity.is_as_bad_as(least)
    return is_bad and trouble.environment is Environment.PROD


def first_words(names: Sequence[str], words: Phrases) -> Words:
    """What to say first of these components, in the language of `words`."""
    title, most = words["draft_title"], _MOST_NAMED
    named = _listed(names, most, words)
    while most > 1 and len(title.format(names=named)) > TITLE_LENGTH:
        most -= 1
        named = _listed(names, most, words)
    return Words(title=title.format(names=named), text=words["draft_text"].format(names=named))


def likely(severity: Sev) -> Status:
    """How its components probably are; whoever confirms knows better."""
    return _LIKELY.get(severity, Status.DEGRADED)


def _listed(names: Sequence[str], most: int, words: Phrases) -> str:
    if not names:
        return words["draft_some"]
    shown = list(names[:most])
    if len(names) > most:
        shown.append(words["draft_others"])
    if len(shown) == 1:
        return shown[0]
    return f"{', '.join(shown[:-1])} {words['and']} {shown[-1]}"
