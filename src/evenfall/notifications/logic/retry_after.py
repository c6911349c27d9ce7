"""The Retry-After header of a provider (RFC 9110, section 10.2.3): seconds or a date."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

LONGEST: Final = timedelta(days=1)  # a foreign number must not overflow our dates


def parse_retry_after(value: str | None, *, now: datetime) -> timedelta | None:
    """The wait that is asked for, between nothing and a day; None when there is none to read."""
    if not value:
        return None
    text = value.strip()
    if text.isascii() and text.isdecimal():
        return timedelta(seconds=min(int(text[:9]), int(LONGEST.total_seconds())))
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    wait = (at if at.tzinfo else at.replace(tzinfo=UTC)) - now
    return min(max(wait, timedelta(0)), LONGEST)
