"""Whether the settings of a step can work, before anybody needs them."""

import json
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct

from evenfall.platform.errors import Invalid
from evenfall.runbooks import errors
from evenfall.runbooks.logic.expecting import Compare, is_status
from evenfall.runbooks.logic.parameters import Fill, Parameter, fill, flaw, sample
from evenfall.runbooks.ports import FieldType, StepField, StepKind

MOST_LINE: Final = 2_000
MOST_LINES: Final = 20_000
FILLS: Final[Mapping[FieldType, Fill]] = {
    FieldType.URL: Fill.URL,
    FieldType.JSON: Fill.JSON,
    FieldType.SECRET: Fill.NEVER,
}
_MANY: Final = frozenset({FieldType.LINES, FieldType.JSON})

HTTP_TEST: Final = (
    StepField(name="url", label="Address to ask", type=FieldType.URL),
    StepField(name="status", label="Status", required=False, default="200-299"),
    StepField(name="text", label="Text in the answer", required=False),
    StepField(name="path", label="Value in a JSON answer", required=False),
    StepField(
        name="compare",
        label="Compared",
        type=FieldType.CHOICE,
        required=False,
        default=Compare.IS.value,
        choices=tuple((one.value, one.value.replace("_", " ")) for one in Compare),
    ),
    StepField(name="value", label="With", required=False),
    StepField(
        name="authorization",
        label="Authorization header",
        type=FieldType.SECRET,
        required=False,
    ),
)


class Sorted(Struct, frozen=True, kw_only=True):
    """Settings that anybody may read, and those that nobody may."""

    settings: dict[str, str]
    secrets: dict[str, str]


def sorted_settings(
    fields: Sequence[StepField],
    given: Mapping[str, str],
    kept: Mapping[str, str],
    known: Sequence[str],
    *,
    prefix: str = "",
) -> Sorted:
    """Check the settings of these fields one by one; `kept` are the secrets that stand already.

    `known` are the names of the parameters; `prefix` is put before the names of fields in errors.
    Raises StepUnclear.
    """
    strange = set(given) - {one.name for one in fields}
    if strange:
        raise errors.StepUnclear(
            field=f"{prefix}{min(strange)[:40]}", reason=f"{min(strange)[:40]} is no setting of it."
        )
    found = Sorted(settings={}, secrets={})
    for one in fields:
        is_secret = one.type is FieldType.SECRET
        text = _cleaned(given.get(one.name, ""))
        text = text or (kept.get(one.name, "") if is_secret else one.default)
        why = _flaw(one, text, known)
        if why:
            raise errors.StepUnclear(field=f"{prefix}{one.name}", reason=why)
        (found.secrets if is_secret else found.settings)[one.name] = text
    return found


def filled(
    fields: Sequence[StepField], settings: Mapping[str, str], values: Mapping[str, str]
) -> dict[str, str]:
    """The settings with the values of parameters, each written as its field wants it."""
    how = {one.name: FILLS.get(one.type, Fill.PLAIN) for one in fields}
    return {name: fill(text, values, how.get(name, Fill.PLAIN)) for name, text in settings.items()}


def check_kind(kind: StepKind, sorted_: Sorted, parameters: Sequence[Parameter]) -> str:
    """Let the kind look at the settings with example values; returns the target.

    Raises `Invalid`.
    """
    examples = {one.name: sample(one) for one in parameters}
    return checked_target(kind, filled(kind.fields, sorted_.settings, examples), sorted_.secrets)


def checked_target(kind: StepKind, settings: Mapping[str, str], secrets: Mapping[str, str]) -> str:
    """The target of settings whose parameters are filled in; raises `Invalid`."""
    for one in kind.fields:
        why = _shape_flaw(one, settings.get(one.name, ""))
        if why:
            raise errors.StepUnclear(field=one.name, reason=why)
    both = {**settings, **{name: secrets.get(name, "") for name in secrets}}
    kind.check(both)
    return kind.target(both)[:300]


def check_http_test(test: Mapping[str, str]) -> None:
    """Raise StepUnclear where the answer could never be what is expected."""
    if not is_status(test.get("status", "")):
        raise errors.StepUnclear(
            field="test_status", reason="Write statuses such as 200, 204 or 200-299."
        )
    if test.get("compare") in {Compare.AT_LEAST, Compare.AT_MOST} and test.get("path"):
        try:
            float(test.get("value", ""))
        except ValueError as error:
            raise errors.StepUnclear(field="test_value", reason="Write a number.") from error


def reworded(error: Invalid, prefix: str) -> errors.StepUnclear:
    """The same error about a field that has another name in the form."""
    return errors.StepUnclear(field=f"{prefix}{error.field}", reason=error.message)


def _flaw(one: StepField, text: str, known: Sequence[str]) -> str:
    if not text:
        return f"{one.label} is needed." if one.required else ""
    longest = MOST_LINES if one.type in _MANY else MOST_LINE
    if len(text) > longest:
        return f"{one.label} has more than {longest} characters."
    if one.type not in _MANY and "\n" in text:
        return f"{one.label} is one line."
    why = flaw(text, known, FILLS.get(one.type, Fill.PLAIN))
    return why or ("" if "{{" in text else _shape_flaw(one, text))


def _shape_flaw(one: StepField, text: str) -> str:
    """What is wrong with a text without parameters."""
    if not text:
        return ""
    if one.type is FieldType.NUMBER and not (text.isascii() and text.isdecimal()):
        return f"{one.label} is a whole number."
    if one.type is FieldType.CHOICE and text not in {value for value, _ in one.choices}:
        return f"{one.label} is one of {', '.join(value for value, _ in one.choices)}."
    if one.type is FieldType.URL:
        return _url_flaw(one, text)
    return _json_flaw(one, text) if one.type is FieldType.JSON else ""


def _url_flaw(one: StepField, text: str) -> str:
    if not text.startswith(("http://", "https://")):
        return f"{one.label} starts with http:// or https://."
    try:
        parts = urlsplit(text)
        is_one = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        is_one = False
    if not is_one or not text.isprintable() or " " in text:
        return f"{one.label} is no address."
    return ""


def _json_flaw(one: StepField, text: str) -> str:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return f"{one.label} is not JSON. Put quotes around a parameter that is a text."
    return ""


def _cleaned(text: str) -> str:
    return text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").strip()
