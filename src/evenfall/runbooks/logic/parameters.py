"""Parameters of steps: `{{host}}` in a setting, asked for when a run is started.

A value is checked by the type of its parameter, and written by the type of the setting that it
goes into: percent-encoded in an address, escaped in JSON. So a value never becomes a second header,
another path or another field.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Final
from urllib.parse import quote, urlsplit

from msgspec import Struct

MOST_VALUE: Final = 500
_MOST_DIGITS: Final = 15
_PLACE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_NUMBER = re.compile(r"-?[0-9]{1,15}")


class UnclearValue(ValueError):
    """The message says what is wrong with the value, and what would do."""


class ParameterType(StrEnum):
    """What a value may be."""

    WORD = "word"
    """Letters, digits, dots, dashes and underscores; begins with a letter or digit."""
    TEXT = "text"
    """One line of anything."""
    NUMBER = "number"
    CHOICE = "choice"


class Fill(StrEnum):
    """What kind of setting a value goes into."""

    PLAIN = "plain"
    URL = "url"
    JSON = "json"
    NEVER = "never"


class Parameter(Struct, frozen=True, kw_only=True):
    """`lowest` and `highest` are for numbers, `choices` for a choice; both ends belong to it."""

    name: str
    label: str = ""
    type: ParameterType = ParameterType.WORD
    is_required: bool = True
    default: str = ""
    choices: tuple[str, ...] = ()
    lowest: int | None = None
    highest: int | None = None


def is_name(text: str) -> bool:
    """Whether a parameter or a step may be called this."""
    return _NAME.fullmatch(text) is not None


def names_in(text: str) -> frozenset[str]:
    """The parameters that a setting asks for."""
    return frozenset(_PLACE.findall(text))


def value_of(parameter: Parameter, given: str, known: str = "") -> str:
    """As given, else as known from what the run is for, else the default; raises UnclearValue."""
    return checked(parameter, given.strip() or known.strip() or parameter.default)


def checked(parameter: Parameter, text: str) -> str:
    """The value as it is used; raises UnclearValue."""
    if not text:
        if parameter.is_required:
            raise UnclearValue(f"{_called(parameter)} is needed.")
        return ""
    if len(text) > MOST_VALUE or not text.isprintable():
        raise UnclearValue(f"{_called(parameter)} is one line of at most {MOST_VALUE} characters.")
    if parameter.type is ParameterType.NUMBER:
        return _number(parameter, text)
    if parameter.type is ParameterType.CHOICE and text not in parameter.choices:
        raise UnclearValue(f"{_called(parameter)} is one of {', '.join(parameter.choices)}.")
    if parameter.type is ParameterType.WORD and not _WORD.fullmatch(text):
        raise UnclearValue(
            f"{_called(parameter)} has only letters, digits, dots, dashes and underscores."
        )
    return text


def sample(parameter: Parameter) -> str:
    """A value that would do, to look at settings before anybody has given one."""
    if parameter.default:
        return parameter.default
    if parameter.type is ParameterType.NUMBER:
        return str(parameter.lowest if parameter.lowest is not None else parameter.highest or 1)
    return parameter.choices[0] if parameter.choices else "example"


def fill(text: str, values: Mapping[str, str], how: Fill = Fill.PLAIN) -> str:
    """The setting with its values; names without a value stay as they stand."""
    if how is Fill.NEVER:
        return text
    return _PLACE.sub(
        lambda place: _written(values[place[1]], how) if place[1] in values else place[0], text
    )


def flaw(text: str, known: Iterable[str], how: Fill) -> str:
    """What is wrong with the places in a setting; empty when nothing is."""
    asked = names_in(text)
    if asked and how is Fill.NEVER:
        return "A secret holds no parameter."
    strange = sorted(asked - frozenset(known))
    if strange:
        return f'There is no parameter "{strange[0][:40]}". Add it first, or mend its name.'
    if how is Fill.URL and "{{" in _host(text):
        return "The host holds no parameter: what is sent must not go elsewhere."
    return ""


def unclear(parameters: Sequence[Parameter]) -> tuple[str, str] | None:
    """The first parameter that cannot be, and why; None when all can."""
    for one in parameters:
        why = _unclear(one)
        if why:
            return one.name, why
    return None


def _unclear(one: Parameter) -> str:
    if not is_name(one.name):
        return "A name has small letters, digits and underscores, and begins with a letter."
    if one.type is ParameterType.CHOICE and not one.choices:
        return "Say what can be chosen."
    if one.lowest is not None and one.highest is not None and one.lowest > one.highest:
        return "The lowest number is above the highest."
    try:
        checked(one, one.default or sample(one))
        for choice in one.choices:
            checked(one, choice)
    except UnclearValue as error:
        return str(error)
    return ""


def _number(parameter: Parameter, text: str) -> str:
    if not _NUMBER.fullmatch(text):
        raise UnclearValue(f"{_called(parameter)} is a whole number.")
    number = int(text)
    if parameter.lowest is not None and number < parameter.lowest:
        raise UnclearValue(f"{_called(parameter)} is at least {parameter.lowest}.")
    if parameter.highest is not None and number > parameter.highest:
        raise UnclearValue(f"{_called(parameter)} is at most {parameter.highest}.")
    return str(number)


def _called(parameter: Parameter) -> str:
    return parameter.label or parameter.name


def _written(value: str, how: Fill) -> str:
    if how is Fill.URL:
        return quote(value, safe="")
    # the quotes around it are those of the setting
    return json.dumps(value)[1:-1] if how is Fill.JSON else value


def _host(url: str) -> str:
    """What stands before the path; the whole of a text that is no address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return parts.netloc if parts.scheme in {"http", "https"} and parts.netloc else url
