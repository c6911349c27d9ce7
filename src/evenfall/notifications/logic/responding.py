"""What a response link carries: which notice, whose, which answer, until when."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

LIFETIME: Final = timedelta(days=7)
_FIELDS: Final = 4


class MalformedPayloadError(ValueError):
    """The text is not a payload that :func:`pack` made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPayload:
    notice_id: int
    user_id: int
    action: str  # the answer that the link offers first; empty for all of them
    expires_at: datetime  # whole seconds


def pack(payload: LinkPayload) -> str:
    """One short line without characters that a mail program might break."""
    seconds = int(payload.expires_at.timestamp())
    return f"{payload.notice_id}.{payload.user_id}.{seconds}.{payload.action}"


def unpack(text: str) -> LinkPayload:
    """The inverse of :func:`pack`. Raises MalformedPayloadError."""
    parts = text.split(".", _FIELDS - 1)
    if len(parts) != _FIELDS:
        raise MalformedPayloadError(text)
    notice_id, user_id, seconds, action = parts
    try:
        expires_at = datetime.fromtimestamp(int(seconds), UTC)
        return LinkPayload(
            notice_id=int(notice_id), user_id=int(user_id), action=action, expires_at=expires_at
        )
    except (ValueError, OverflowError, OSError) as error:
        raise MalformedPayloadError(text) from error
