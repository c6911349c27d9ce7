"""The one place that reads the clock."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

# A file with a number of seconds moves the clock of every process that has this variable set.
# Rehearsals and scenario tests use it to jump over nights without waiting for them.
_OFFSET_FILE = os.environ.get("EVENFALL_CLOCK_OFFSET_FILE", "")


def utc_now() -> datetime:
    """Return the present instant, aware, in UTC. Only edges may call this."""
    now = datetime.now(UTC)
    if not _OFFSET_FILE:
        return now
    return now + timedelta(seconds=float(Path(_OFFSET_FILE).read_text().strip() or 0))
