"""Text that was written for eyes, made fit for a voice.

Machines read "checkout_p99 >= 250ms" aloud as noise. Symbols become words, names of code fall into
their parts, ids keep only their end, and addresses of the web are left out.
"""

import re
from typing import Final

from evenfall.notifications.logic.phrases import Phrases

_URL: Final = re.compile(r"\b(?:https?|ftp)://\S+|\bwww\.\S+")
_ID: Final = re.compile(
    r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"
    r"|\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,}\b"
    r"|\b\d{9,}\b",
    re.IGNORECASE,
)
_NUMBERED: Final = re.compile(r"\b\d+(?:\.\d+){2,}\b")  # an address or a version, not a decimal
_NAMED: Final = re.compile(r"(?<=\w)\.(?=[^\W\d])")
_UNIT: Final = re.compile(r"(?<=\d)\s?(ms|s|min|h|[KMGT]B)\b")
_ARROW: Final = re.compile(r"[-=]+>|<[-=]+|→|←")
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_HYPHEN: Final = re.compile(r"(?<=\w)[-\u2010-\u2015](?=\w)")
_SHOUTED: Final = re.compile(r"\b[A-Z]{6,}\b")
_UNSAYABLE: Final = re.compile(r"[^\w\s.,:;!?'()-]|_")
_BLANKS: Final = re.compile(r"\s+")
_LONELY: Final = re.compile(r"\s+([.,:;!?])")
_TAIL: Final = 4


def speakable(text: str, words: Phrases, *, longest: int) -> str:
    """The text as it can be said, at most `longest` characters, cut between words."""
    said = _URL.sub(" ", text)
    said = _ID.sub(lambda found: words.id_ending.format(tail=_spelled(found[0])), said)
    said = _with_dots_spoken(said, words)
    said = _UNIT.sub(lambda found: f" {words.units[found[1]]}", said)
    said = _with_symbols_spoken(_ARROW.sub(" ", said), words)
    said = _CAMEL.sub(" ", _HYPHEN.sub(" ", said))
    said = _SHOUTED.sub(lambda found: found[0].lower(), said)
    return _cut(_tidy(_UNSAYABLE.sub(" ", said)), longest)


def _spelled(identifier: str) -> str:
    return ", ".join(identifier[-_TAIL:].lower())


def _with_dots_spoken(text: str, words: Phrases) -> str:
    """Dots within names, addresses and versions; those of decimal numbers stay."""
    dot = f" {words.symbols['.']} "
    return _NAMED.sub(dot, _NUMBERED.sub(lambda found: found[0].replace(".", dot), text))


def _with_symbols_spoken(text: str, words: Phrases) -> str:
    for symbol, word in words.symbols.items():
        if symbol != ".":
            text = text.replace(symbol, f" {word} ")
    return text.replace("≥", f" {words.symbols['>=']} ").replace("≤", f" {words.symbols['<=']} ")


def _tidy(text: str) -> str:
    return _LONELY.sub(r"\1", _BLANKS.sub(" ", text)).strip(" .,:;-")


def _cut(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    return text[: longest + 1].rpartition(" ")[0].strip(" .,:;-") or text[:longest]
