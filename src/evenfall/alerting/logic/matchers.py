"""Matchers: ``name="value"``, ``!=``, ``=~``, ``!~``, with the meaning they have in Alertmanager.

A label that is missing counts as empty. Regular expressions match the whole value.
"""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import override

from msgspec import Struct

from evenfall.alerting.logic.patterns import PatternError, pattern

MAX_MATCHERS = 50
_MAX_VALUE = 1000


class Operator(StrEnum):
    EQUAL = "="
    NOT_EQUAL = "!="
    MATCHES = "=~"
    NOT_MATCHES = "!~"


class MatcherError(ValueError):
    """The message says which matcher is wrong and how to write it."""


class Matcher(Struct, frozen=True):
    name: str
    operator: Operator
    value: str

    def __post_init__(self) -> None:
        if not self.name:
            raise MatcherError("A matcher needs the name of a label.")
        if len(self.value) > _MAX_VALUE:
            raise MatcherError(f"The value for {self.name} has more than {_MAX_VALUE} characters.")
        if self.operator in (Operator.MATCHES, Operator.NOT_MATCHES):
            _compile(self)

    def accepts(self, values: Mapping[str, str]) -> bool:
        found = values.get(self.name, "")
        if self.operator is Operator.EQUAL:
            return found == self.value
        if self.operator is Operator.NOT_EQUAL:
            return found != self.value
        return pattern(self.value).matches(found) is (self.operator is Operator.MATCHES)

    @override
    def __str__(self) -> str:
        escaped = self.value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'{self.name}{self.operator}"{escaped}"'


def _compile(matcher: Matcher) -> None:
    try:
        pattern(matcher.value)
    except PatternError as error:
        where = f" (character {error.column})" if error.column else ""
        raise MatcherError(f"The pattern for {matcher.name}{where}: {error.reason}.") from None


def accepts_all(matchers: Iterable[Matcher], values: Mapping[str, str]) -> bool:
    """Say whether every matcher accepts these values."""
    return all(matcher.accepts(values) for matcher in matchers)


_ONE = re.compile(
    r"\s*(?P<name>[^\s=!~\"'{},]+)\s*(?P<operator>=~|!~|!=|=)\s*"
    r"(?:\"(?P<quoted>(?:[^\"\\]|\\.)*+)\"|(?P<bare>[^\s,\"{}][^,\n]*+))\s*(?:,|\n|$)",
    re.DOTALL,
)
_ESCAPES = {"n": "\n", "t": "\t"}


def parse_matchers(text: str) -> tuple[Matcher, ...]:
    """Read matchers from one per line, or from ``{a="b", c=~"d"}``; raises MatcherError."""
    rest = text.strip()
    if rest.startswith("{") and rest.endswith("}"):
        rest = rest[1:-1].strip()
    found: list[Matcher] = []
    at = 0
    while at < len(rest):
        one = _ONE.match(rest, at)
        if one is None:
            raise MatcherError(f'Cannot read "{rest[at : at + 40]}". Write name="value".')
        found.append(_matcher(one))
        at = one.end()
    if len(found) > MAX_MATCHERS:
        raise MatcherError(f"More than {MAX_MATCHERS} matchers.")
    return tuple(found)


def _matcher(one: re.Match[str]) -> Matcher:
    quoted = one["quoted"]
    value = one["bare"].strip() if quoted is None else _unescape(quoted)
    return Matcher(one["name"], Operator(one["operator"]), value)


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), text, flags=re.DOTALL)


def written(matchers: Iterable[Matcher]) -> str:
    """Return the matchers as `parse_matchers` reads them, one per line."""
    return "\n".join(str(matcher) for matcher in matchers)


def to_json(matchers: Iterable[Matcher]) -> list[dict[str, str]]:
    return [{"name": m.name, "operator": m.operator.value, "value": m.value} for m in matchers]


def from_json(stored: Iterable[Mapping[str, str]]) -> tuple[Matcher, ...]:
    """Build the matchers that `to_json` stored; raises MatcherError."""
    return tuple(
        Matcher(entry["name"], Operator(entry["operator"]), entry["value"]) for entry in stored
    )
