"""The fixed words of a page in the languages that a page can speak.

A small table instead of a catalogue of translations: readers' pages have few words of their own,
and they must be the same in a copy that no process of ours serves. What people write is theirs,
in whatever language they write it.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from evenfall.statuspages.logic.phrase_table import ROWS


class Language(StrEnum):
    """A language that pages can speak; the value is what `lang` and Accept-Language say."""

    EN = "en"
    DE = "de"
    FR = "fr"
    ES = "es"

    @property
    def label(self) -> str:
        """Its own name for itself."""
        return _LABELS[self]


type Phrases = Mapping[str, str]

_LABELS: Final = {
    Language.EN: "English",
    Language.DE: "Deutsch",
    Language.FR: "Français",
    Language.ES: "Español",
}
_MOST_ASKED: Final = 20


def phrases(language: Language) -> Phrases:
    """Every phrase in this language, by its name."""
    return _TABLES[language]


def known(codes: Sequence[str]) -> tuple[Language, ...]:
    """The languages of these codes in their order, once each; English where none is left."""
    spoken = {one.value for one in Language}
    found = dict.fromkeys(Language(code) for code in codes if code in spoken)
    return tuple(found) or (Language.EN,)


def chosen(offered: Sequence[Language], *, asked: str, accepts: str) -> Language:
    """The language to answer in: the one asked for, else the best that the reader accepts.

    `accepts` is an Accept-Language header (RFC 9110, section 12.5.4). The first one offered is
    what everybody else gets.
    """
    by_code = {one.value: one for one in offered}
    if asked in by_code:
        return by_code[asked]
    for code in _accepted(accepts):
        if code in by_code:
            return by_code[code]
    return offered[0]


def accepted(header: str) -> tuple[str, ...]:
    """The codes of ours in an Accept-Language header: what an answer can depend on."""
    spoken = {one.value for one in Language}
    return tuple(dict.fromkeys(code for code in _accepted(header) if code in spoken))


def _accepted(header: str) -> list[str]:
    """The primary codes of a header, the most wanted first; what is not wanted is left out."""
    weighed = [_weighed(part) for part in header.split(",")[:_MOST_ASKED]]
    wanted = [(code, weight) for code, weight in weighed if weight > 0]
    return [code for code, _ in sorted(wanted, key=lambda one: -one[1])]


def _weighed(part: str) -> tuple[str, float]:
    tag, _, rest = part.strip().partition(";")
    name, _, weight = rest.strip().partition("=")
    code = tag.strip().partition("-")[0].lower()
    if name.strip() != "q":
        return code, 1.0
    try:
        return code, min(float(weight), 1.0) if weight.strip()[:1].isdigit() else 0.0
    except ValueError:
        return code, 0.0


_TABLES: Final[Mapping[Language, Phrases]] = {
    language: MappingProxyType({name: row[place] for name, row in ROWS.items()})
    for place, language in enumerate(Language)
}
