"""A mail on its way in."""

from datetime import datetime

from msgspec import Struct


class Arrived(Struct, frozen=True, kw_only=True):
    """One mail on its way in; `envelope_sender` is "" for the null sender, None if unknown."""

    raw: bytes
    envelope_sender: str | None
    at: datetime
