"""What a text message says: the most important first, in no more than two messages."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from msgspec import Struct

from evenfall.notifications.logic.segments import cut, segments, simplified

MOST: Final = 2
SHORT_LINE: Final = 60
ENGLISH: Final = "en"
HOW_TO_ANSWER: Final[Mapping[str, str]] = MappingProxyType(
    {
        ENGLISH: "Reply {code} to acknowledge.",
        "de": "Antworte {code} zum Bestätigen.",
        "fr": "Répondez {code} pour confirmer.",
        "es": "Responda {code} para confirmar.",
        "pt": "Responda {code} para confirmar.",
    }
)


class Said(Struct, frozen=True, kw_only=True):
    """The parts of a text. `code` is how it can be answered, "" for not at all."""

    title: str
    lines: tuple[str, ...] = ()
    link: str = ""
    code: str = ""
    language: str = ENGLISH


def composed(said: Said, *, most: int = MOST) -> str:
    """The text: title, lines, how to answer, link.

    The end always fits: it is what a person acts with. Then comes as much of the title as there is
    place for, then the lines, whole ones only, the first before the others.
    """
    end = "".join(f"\n{part}" for part in (_how_to_answer(said), said.link) if part)
    title = cut(simplified(said.title), after=end, most=most)
    text = title
    for line in _fitting(title, map(simplified, said.lines), end, most):
        text += f"\n{line}"
    return (text + end).strip()


def _fitting(title: str, lines: Iterable[str], end: str, most: int) -> Sequence[str]:
    """The lines for which there is place, short ones first: since when, how many, then the rest."""
    taken: list[str] = []
    so_far = title
    for line in sorted(filter(None, lines), key=lambda line: len(line) > SHORT_LINE):
        if segments(f"{so_far}\n{line}{end}") <= most:
            taken.append(line)
            so_far = f"{so_far}\n{line}"
    return taken


def _how_to_answer(said: Said) -> str:
    if not said.code:
        return ""
    words = HOW_TO_ANSWER.get(said.language, HOW_TO_ANSWER[ENGLISH])
    return words.format(code=said.code)
