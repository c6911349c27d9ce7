"""Secrets at rest and signed links."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from evenfall.platform.crypto import (
    BadSignature,
    SecretUnreadable,
    decrypt,
    encrypt,
    new_token,
    sign,
    token_hash,
    unsign,
)


@given(st.text())
def test_what_was_encrypted_can_be_read(plain: str) -> None:
    assert decrypt(encrypt(plain)) == plain


def test_a_rotated_key_still_decrypts_and_a_lost_one_says_so() -> None:
    stored = encrypt("tea")
    rotated = replace(settings.EVENFALL, secret_keys=("new", *settings.EVENFALL.secret_keys))
    with override_settings(EVENFALL=rotated):
        assert decrypt(stored) == "tea"
    with (
        override_settings(EVENFALL=replace(rotated, secret_keys=("new",))),
        pytest.raises(SecretUnreadable),
    ):
        decrypt(stored)


def test_tokens_are_fresh_and_hashed() -> None:
    first, second = new_token("evf_"), new_token("evf_")
    assert first != second
    assert first.startswith("evf_")
    assert len(token_hash(first)) == 32


def test_a_signed_value_expires_and_serves_one_purpose(now: datetime) -> None:
    link = sign({"page": 5}, purpose="respond", now=now, valid_for=timedelta(hours=1))
    assert unsign(link, purpose="respond", now=now + timedelta(minutes=59)) == {"page": 5}
    with pytest.raises(BadSignature):
        unsign(link, purpose="respond", now=now + timedelta(minutes=61))
    with pytest.raises(BadSignature):
        unsign(link, purpose="invite", now=now)
    with pytest.raises(BadSignature):
        unsign(link[:-2] + "xx", purpose="respond", now=now)
