"""Which alerts a runbook is for: `name=value` and `name!=value`, where `*` stands for any text.

A label that is missing counts as empty. There are no regular expressions here: what a runbook is
for should be understood at a glance.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final, override

from msgspec import Struct

MOST_PARTS: Final = 20
_MOST_VALUE: Final = 500
_PART = re.compile(r"\s*([^\s=!~\"'{},]+)\s*(!=|=)\s*(?:\"([^\"]*)\"|([^,\n\"]*))\s*(?:,|\n|$)")


class UnclearMatch(ValueError):
    """The message says what cannot be read and how to write it."""


class Part(Struct, frozen=True):
    """One condition on one label."""

    name: str
    value: str
    is_not: bool = False

    def accepts(self, labels: Mapping[str, str]) -> bool:
        return _fits(self.value, labels.get(self.name, "")) is not self.is_not

    @override
    def __str__(self) -> str:
        return f'{self.name}{"!=" if self.is_not else "="}"{self.value}"'


def read(text: str) -> tuple[Part, ...]:
    """Read the conditions of one link, parted by commas or lines; raises UnclearMatch."""
    rest = text.strip().removeprefix("{").removesuffix("}").strip()
    found: list[Part] = []
    at = 0
    while at < len(rest):
        one = _PART.match(rest, at)
        if one is None:
            raise UnclearMatch(f'Cannot read "{rest[at : at + 40]}". Write name="value".')
        value = (one[4] or "").strip() if one[3] is None else one[3]
        found.append(Part(one[1], value, is_not=one[2] == "!="))
        at = one.end()
    _check(found)
    return tuple(found)


def written(parts: Iterable[Part]) -> str:
    """Return the conditions as `read` reads them, in one line."""
    return ", ".join(map(str, parts))


def accepts_all(parts: Iterable[Part], labels: Mapping[str, str]) -> bool:
    return all(part.accepts(labels) for part in parts)


def _check(found: list[Part]) -> None:
    if not found:
        raise UnclearMatch('Name at least one label, such as alertname="DiskFull".')
    if len(found) > MOST_PARTS:
        raise UnclearMatch(f"More than {MOST_PARTS} labels.")
    if any(len(part.value) > _MOST_VALUE or len(part.name) > _MOST_VALUE for part in found):
        raise UnclearMatch(f"A label has more than {_MOST_VALUE} characters.")
    if all(part.is_not for part in found):
        raise UnclearMatch("Say with = what the alerts have; != alone fits nearly all of them.")


def _fits(wanted: str, value: str) -> bool:
    """Whether the value is the wanted one; time grows with the texts, whatever is in them."""
    first, *middle = wanted.split("*")
    if not middle:
        return wanted == value
    *middle, last = middle
    if len(value) < len(first) + len(last) or not value.startswith(first):
        return False
    at, end = len(first), len(value) - len(last)
    for piece in middle:
        found = value.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return value.endswith(last)
