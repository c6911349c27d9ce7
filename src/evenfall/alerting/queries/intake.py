"""What the front door turned away."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from evenfall.platform.models import Beat

# `at` is the last refusal; `detail` holds "count", "since" and "ends_with"
UNKNOWN_KEYS = "alerting.unknown_keys"
# refusals further apart than this are two stories; so long the last one is shown
REMEMBERED = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownKeys:
    """Requests refused because nobody has their key; times are UTC.

    `ends_with`: the end of the last such key, empty if it holds anything but letters and digits.
    """

    count: int
    since: datetime
    last_at: datetime
    ends_with: str


def unknown_keys(*, now: datetime) -> UnknownKeys | None:
    """The refusals that go on or were lately; None if there were none for a day."""
    beat = Beat.objects.filter(name=UNKNOWN_KEYS, at__gt=now - REMEMBERED).first()
    if beat is None:
        return None
    return UnknownKeys(
        count=beat.detail["count"],
        since=datetime.fromisoformat(beat.detail["since"]),
        last_at=beat.at,
        ends_with=beat.detail["ends_with"],
    )
