"""What a notice is about, in parts, for channels that find their own words."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class About:
    """One problem. `what` is as its source wrote it; `since` is UTC, `zone` that of the reader."""

    what: str
    service: str = ""
    severity: str = ""
    since: datetime | None = None
    zone: str = "UTC"
