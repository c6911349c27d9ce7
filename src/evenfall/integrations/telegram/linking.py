"""The word in the link that a person taps to join the chat with the bot to their account.

Telegram passes on at most 64 characters of base64url: six bytes of the person's id, four of the
time until which it works, sixteen of a signature.
"""

import base64
import hmac
from datetime import datetime, timedelta
from typing import Final

from django.utils.crypto import salted_hmac

LIFETIME: Final = timedelta(minutes=30)
_ID_BYTES: Final = 6
_TIME_BYTES: Final = 4
_SIGNATURE_BYTES: Final = 16
_SALT: Final = "evenfall.telegram.start"


def start_word(user_id: int, *, now: datetime) -> str:
    """What proves, within half an hour, that this person asked for the link."""
    until = int((now + LIFETIME).timestamp())
    said = user_id.to_bytes(_ID_BYTES, "big") + until.to_bytes(_TIME_BYTES, "big")
    return base64.urlsafe_b64encode(said + _signature(said)).decode().rstrip("=")


def read_start_word(word: str, *, now: datetime) -> int | None:
    """The person who asked; None for a word that is foreign, damaged or too old."""
    try:
        raw = base64.urlsafe_b64decode(word + "=" * (-len(word) % 4))
    except ValueError:
        return None
    said, signature = raw[: _ID_BYTES + _TIME_BYTES], raw[_ID_BYTES + _TIME_BYTES :]
    if len(said) < _ID_BYTES + _TIME_BYTES or not hmac.compare_digest(signature, _signature(said)):
        return None
    if now.timestamp() > int.from_bytes(said[_ID_BYTES:], "big"):
        return None
    return int.from_bytes(said[:_ID_BYTES], "big")


def webhook_secret(provider_id: int, bot_token: str) -> str:
    """What Telegram shows with every update of this account; a new token of the bot changes it."""
    value = f"{provider_id}.{bot_token}"
    return salted_hmac("evenfall.telegram.updates", value, algorithm="sha256").hexdigest()


def _signature(said: bytes) -> bytes:
    return salted_hmac(_SALT, said, algorithm="sha256").digest()[:_SIGNATURE_BYTES]
