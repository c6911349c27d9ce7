"""Telephone numbers: read in the one form E.164, and the sender that suits their country."""

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from msgspec import Struct

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

_SEPARATORS: Final = str.maketrans("", "", " \t-./()\u00a0\u2011")


class Line(StrEnum):
    """What the numbering plan of the country knows of a number."""

    MOBILE = "mobile"
    FIXED = "fixed"
    UNKNOWN = "unknown"  # the plan does not say: many countries mix both


class NumberUnreadableError(ValueError):
    """The text is not a telephone number; the message says why, in words for whoever typed it."""


class Number(Struct, frozen=True, kw_only=True):
    """A number: `e164` is such as "+491701234567", `region` ISO 3166 or "" for none known."""

    e164: str
    region: str
    country_code: int
    line: Line


def read_number(text: str) -> Number:
    """The number that a person typed, with its country code. Raises NumberUnreadableError."""
    import phonenumbers  # noqa: PLC0415 - 40 ms that only who uses telephones should pay

    typed = _international(text)
    try:
        parsed = phonenumbers.parse(typed, None)
    except phonenumbers.NumberParseException as error:
        raise NumberUnreadableError(_why(typed)) from error
    _check_length(parsed, phonenumbers.is_possible_number_with_reason(parsed))
    kind = phonenumbers.number_type(parsed)
    return Number(
        e164=phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164),
        region=phonenumbers.region_code_for_number(parsed) or "",
        country_code=parsed.country_code or 0,
        line=_line(kind),
    )


def shown(e164: str) -> str:
    """The number as people read it: "+49 170 1234567 (DE)"; as it is where it is none."""
    import phonenumbers  # noqa: PLC0415 - as above

    try:
        parsed = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    text = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    region = phonenumbers.region_code_for_number(parsed)
    return f"{text} ({region})" if region else str(text)


def read_senders(text: str) -> dict[str, str]:
    """Senders by country, from lines such as "DE=Evenfall". Raises ValueError with the line."""
    found = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        region, separator, sender = (part.strip() for part in line.partition("="))
        if not separator or not sender or len(region) != 2 or not region.isalpha():  # noqa: PLR2004 - ISO 3166
            raise ValueError(line)
        found[region.upper()] = sender
    return found


def sender_for(e164: str, *, default: str, senders: str) -> str:
    """The sender for a message to this number; `senders` are lines as in :func:`read_senders`."""
    if not senders.strip():
        return default
    try:
        return read_senders(senders).get(read_number(e164).region, default)
    except ValueError:
        return default


def is_number(sender: str) -> bool:
    """Whether a sender is a number, so that people can answer it."""
    digits = sender.removeprefix("+")
    return digits.isascii() and digits.isdecimal() and len(digits) >= 3  # noqa: PLR2004 - short codes


def _international(text: str) -> str:
    typed = text.strip().translate(_SEPARATORS)
    return f"+{typed[2:]}" if typed.startswith("00") else typed


def _why(typed: str) -> str:
    if not typed.lstrip("+").isdecimal():
        return "a telephone number has digits only, with the country code first, such as +49."
    if not typed.startswith("+"):
        return "the country code is missing: write it first, such as +49 170 1234567."
    return "no country has this code: look at the digits after the plus sign."


def _check_length(parsed: "PhoneNumber", reason: int) -> None:
    import phonenumbers  # noqa: PLC0415 - as above

    region = phonenumbers.region_code_for_country_code(parsed.country_code or 0)
    if reason == phonenumbers.ValidationResult.TOO_LONG:
        raise NumberUnreadableError(f"it is too long for a number of {region}.")
    if reason in {
        phonenumbers.ValidationResult.TOO_SHORT,
        phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY,
    }:
        raise NumberUnreadableError(f"it is too short for a number of {region}.")
    if reason != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise NumberUnreadableError(f"a number of {region} does not have so many digits.")


def _line(kind: int) -> Line:
    import phonenumbers  # noqa: PLC0415 - as above

    known = phonenumbers.PhoneNumberType
    if kind == known.MOBILE:
        return Line.MOBILE
    fixed = {known.FIXED_LINE, known.TOLL_FREE, known.PREMIUM_RATE, known.SHARED_COST}
    return Line.FIXED if kind in fixed else Line.UNKNOWN
