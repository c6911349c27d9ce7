"""Who is meant by an “@name” in a comment."""

import re
from collections.abc import Mapping
from typing import Final

from msgspec import Struct

_NAMED: Final = re.compile(r"(?<![\w.@/])@([\w][\w.-]{0,79})")
_APART: Final = re.compile(r"[\s._-]+")


class Known(Struct, frozen=True):
    """Somebody who can be named; `email` is where mail goes."""

    name: str
    email: str


def mentioned(text: str, people: Mapping[int, Known]) -> set[int]:
    """The people that a text names: by the first part of their address, their name, or a first
    name that only one of them has. “@ada.lovelace”, “@AdaLovelace” and “@ada” are all Ada.
    """
    wanted = {_key(match) for match in _NAMED.findall(text)} - {""}
    if not wanted:
        return set()
    firsts: dict[str, set[int]] = {}
    for number, person in people.items():
        firsts.setdefault(_first(person.name), set()).add(number)
    found = {
        number
        for number, person in people.items()
        if wanted & {_key(person.name), _key(person.email.partition("@")[0])}
    }
    alone = {
        number
        for name, numbers in firsts.items()
        if name in wanted and len(numbers) == 1
        for number in numbers
    }
    return found | alone


def _key(text: str) -> str:
    return _APART.sub("", text).casefold()


def _first(name: str) -> str:
    words = name.split(maxsplit=1)
    return words[0].casefold() if words else ""
