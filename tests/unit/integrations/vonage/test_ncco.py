"""What a call says, as a Call Control Object; who speaks for an application."""

import base64
import json
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as curve_key
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from evenfall.integrations.vonage import tokens
from evenfall.integrations.vonage.ncco import ncco
from evenfall.notifications.ports.speech import Speech

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
KEY_URL = "https://evenfall.example/callbacks/vonage/2/voice/token/key/"


def test_a_question_is_said_twice_then_a_key_is_awaited() -> None:
    talk, wait, parting = ncco(
        Speech(text="Down.", language="fr-FR", times=2, keys=("4",), parting="Au revoir."),
        key_url=KEY_URL,
    )
    assert (talk["text"], talk["language"], talk["loop"]) == ("Down.", "fr-FR", 2)
    assert talk["bargeIn"] is True
    assert (wait["action"], wait["type"], wait["eventUrl"]) == ("input", ["dtmf"], [KEY_URL])
    assert wait["dtmf"]["maxDigits"] == 1
    assert parting["text"] == "Au revoir."


def test_without_a_question_the_call_ends() -> None:
    (talk,) = ncco(Speech(text="Goodbye.", language="en-US"), key_url=KEY_URL)
    assert talk["bargeIn"] is False


def test_a_token_is_signed_for_the_application_and_short_lived() -> None:
    key = generate_private_key(public_exponent=65537, key_size=2048)
    text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    header, claims, signature = (
        tokens.bearer("app-1", f"\n{text}", now=NOW).removeprefix("Bearer ").split(".")
    )
    key.public_key().verify(_raw(signature), f"{header}.{claims}".encode(), PKCS1v15(), SHA256())
    said = json.loads(_raw(claims))
    assert said["application_id"] == "app-1"
    assert said["exp"] - said["iat"] == 300
    assert json.loads(_raw(header)) == {"alg": "RS256", "typ": "JWT"}


def test_what_is_no_rsa_key_is_said_to_be_none() -> None:
    curve = curve_key(SECP256R1())
    other = curve.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    for text in ("", "private.key", other):
        with pytest.raises(tokens.KeyUnreadableError):
            tokens.read_key(text)


def _raw(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "==")
