"""What a notice is about, in parts, for channels that find their own words."""

from datetime import datetime

from msgspec import Struct


class About(Struct, frozen=True, kw_only=True):
    """One problem. `what` is as its source wrote it; `since` is UTC, `zone` that of the reader."""

    what: str
    service: str = ""
    severity: str = ""
    since: datetime | None = None
    zone: str = "UTC"
