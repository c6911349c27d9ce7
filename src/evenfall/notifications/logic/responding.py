"""What a response link carries: which notice, whose, and which answer it offers first.

The text is signed and given an end by ``platform.crypto``; this module is only its form.
"""

from datetime import timedelta
from typing import Final

from msgspec import Struct

LIFETIME: Final = timedelta(days=7)
_FIELDS: Final = 3


class MalformedPayloadError(ValueError):
    """The text is not a payload that :func:`pack` made."""


class LinkPayload(Struct, frozen=True, kw_only=True):
    notice_id: int
    user_id: int
    action: str  # empty: no answer is preferred


def pack(payload: LinkPayload) -> str:
    return f"{payload.notice_id}.{payload.user_id}.{payload.action}"


def unpack(text: str) -> LinkPayload:
    """The inverse of :func:`pack`. Raises MalformedPayloadError."""
    parts = text.split(".", _FIELDS - 1)
    if len(parts) != _FIELDS:
        raise MalformedPayloadError(text)
    notice_id, user_id, action = parts
    try:
        return LinkPayload(notice_id=int(notice_id), user_id=int(user_id), action=action)
    except ValueError as error:
        raise MalformedPayloadError(text) from error
