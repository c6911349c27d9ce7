"""Which numbers can be texted and called, and how people are asked for them."""

from typing import Final

from evenfall.notifications.errors import AddressNotUsable
from evenfall.notifications.ports import AddressField
from evenfall.notifications.ports.phones import Line, Number, NumberUnreadableError, read_number

TEXTS: Final = AddressField(
    twin="voice",
    twin_offer="Get text messages at this number too",
    label="Mobile number",
    help="With the country code, such as +49 170 1234567. A code goes there as a text message.",
    icon="phone",
    placeholder="+49 170 1234567",
    input_mode="tel",
    autocomplete="tel",
    guide="be-paged-by-phone.md",
)
CALLS: Final = AddressField(
    twin="sms",
    twin_offer="Be called at this number too",
    label="Telephone number",
    help="With the country code, such as +49 30 1234567. A call reads a code to you.",
    icon="phone",
    placeholder="+49 30 1234567",
    input_mode="tel",
    autocomplete="tel",
    guide="be-paged-by-phone.md",
)


def textable_number(text: str) -> str:
    """The number in the form E.164. Raises AddressNotUsable; a landline cannot show a text."""
    number = _number(text)
    if number.line is Line.FIXED:
        raise AddressNotUsable(
            reason=f"it is no mobile number of {number.region}, so it cannot show text messages."
            " Add it as a number to call.",
            field="address",
        )
    return number.e164


def callable_number(text: str) -> str:
    """The number in the form E.164. Raises AddressNotUsable."""
    return _number(text).e164


def _number(text: str) -> Number:
    try:
        return read_number(text)
    except NumberUnreadableError as error:
        raise AddressNotUsable(reason=str(error), field="address") from error
