"""How people are asked for numbers, and which numbers are taken."""

import pytest

from evenfall.integrations.phone.addresses import callable_number, textable_number
from evenfall.notifications import ports
from evenfall.notifications.errors import AddressNotUsable


def test_texts_and_calls_are_channels_and_only_texts_take_replies() -> None:
    assert ports.proved_by_code("sms")
    assert ports.proved_by_code("voice")
    assert ports.takes_replies("sms")
    assert not ports.takes_replies("voice")
    assert ports.is_metered("sms")
    assert not ports.is_metered("email")


def test_a_mobile_number_can_be_texted_and_called() -> None:
    assert textable_number("0049 170 1234567") == "+491701234567"
    assert callable_number("+49 (170) 1234567") == "+491701234567"


def test_a_landline_can_be_called_and_not_texted() -> None:
    assert callable_number("+49 30 1234567") == "+49301234567"
    with pytest.raises(AddressNotUsable, match="no mobile number of DE"):
        textable_number("+49 30 1234567")


def test_what_is_no_number_says_what_is_missing() -> None:
    with pytest.raises(AddressNotUsable, match="the country code is missing") as caught:
        callable_number("0170 1234567")
    assert caught.value.field == "address"
