"""A mail on its way in."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """One mail on its way in; `envelope_sender` is "" for the null sender, None if unknown."""

    raw: bytes
    envelope_sender: str | None
    at: datetime
