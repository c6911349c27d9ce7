"""Reads what people type after the name of the command."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from msgspec import Struct


class Verb(StrEnum):
    ONCALL = "oncall"
    PAGE = "page"
    INCIDENTS = "incidents"
    ACK = "ack"
    RESOLVE = "resolve"
    INCIDENT = "incident"
    HELP = "help"


_OTHER_WORDS: Final = MappingProxyType(
    {
        "on-call": Verb.ONCALL,
        "who": Verb.ONCALL,
        "acknowledge": Verb.ACK,
        "list": Verb.INCIDENTS,
        "declare": Verb.INCIDENT,
        "?": Verb.HELP,
        "": Verb.HELP,
    }
)
HELP: Final = """\
oncall [team] - who is on call now
incidents - what is open
incident <title> - declare an incident and page for it
page <service or team> <what> - page whoever is on call there
ack <number> - acknowledge an incident
resolve <number> - resolve an incident"""


class Command(Struct, frozen=True):
    """`verb` is None for a word that is no command; `word` is what was typed."""

    verb: Verb | None
    rest: str
    word: str


def parse(text: str) -> Command:
    """Read one line; an empty one asks for help."""
    word, _, rest = " ".join(text.split()).partition(" ")
    known = word.lower()
    verb = Verb(known) if known in set(Verb) else _OTHER_WORDS.get(known)
    return Command(verb=verb, rest=rest, word=word)


def number_in(text: str) -> int | None:
    """The number of an incident: "17", "#17" or the end of its address."""
    typed = text.strip().rstrip("/").rpartition("/")[2].removeprefix("#")
    # eighteen digits fit a bigint
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= 18 else None  # noqa: PLR2004 - said above


def split_target[T](text: str, names: Mapping[str, T]) -> tuple[T, str] | None:
    """Whom a line begins with, and the rest of it; the longest name wins.

    `names` are in lower case: slugs and names of teams and services. None where nobody is named.
    """
    typed = text.lower()
    for name in sorted(names, key=len, reverse=True):
        if typed == name or typed.startswith(f"{name} "):
            return names[name], text[len(name) :].strip()
    return None
