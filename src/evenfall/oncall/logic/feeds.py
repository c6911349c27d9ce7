"""What a feed of duties tells, and how it is told from an older one."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import astuple

from evenfall.oncall.logic.shifts import WEEK
from evenfall.oncall.logic.spec import Role

WEEKS_BACK = 4
WEEKS_ON = 26


class FeedKind(StrEnum):
    PERSON = "person"
    ROTA = "rota"
    TEAM = "team"


class FeedDuty(Struct, frozen=True, kw_only=True):
    """One duty as a calendar shows it, whole (UTC). `url` is the page of the rota."""

    rota_id: int
    rota: str
    role: Role
    name: str
    starts_at: datetime
    ends_at: datetime
    why: str
    url: str


def window(now: datetime) -> tuple[datetime, datetime]:
    """What a feed tells: four weeks back and 26 on, from a Monday so that it moves once a week."""
    monday = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    monday -= timedelta(days=monday.weekday())
    return monday - WEEKS_BACK * WEEK, monday + (WEEKS_ON + 1) * WEEK


def tag(title: str, duties: Sequence[FeedDuty]) -> str:
    """What changes when and only when the content of the feed does."""
    content = repr([title, *map(astuple, duties)])
    return f'W/"{hashlib.sha256(content.encode()).hexdigest()[:32]}"'
