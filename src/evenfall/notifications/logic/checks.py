"""The silent check of a device: a message that shows nothing, and that the device answers."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

# A little less than a week: a job that runs some minutes early must not skip a whole one.
CHECK_AGAIN_AFTER: Final = timedelta(days=6, hours=12)
# A phone that is off for the night answers in the morning.
ANSWER_WITHIN: Final = timedelta(hours=20)


class CheckState(StrEnum):
    """What is known of a device from its last check."""

    NEVER = ""
    ASKED = "asked"
    WORKS = "works"
    SILENT = "silent"


def is_due(asked_at: datetime | None, *, now: datetime) -> bool:
    """Whether a device that was last asked then should be asked again."""
    return asked_at is None or now - asked_at >= CHECK_AGAIN_AFTER


def is_overdue(state: str, asked_at: datetime | None, *, now: datetime) -> bool:
    """Whether a device has had all the time to answer, and has not."""
    return state == CheckState.ASKED and asked_at is not None and now - asked_at > ANSWER_WITHIN
