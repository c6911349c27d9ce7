"""Words of triage that other domains speak too."""

from enum import StrEnum
from typing import Final


class Source(StrEnum):
    """Where an item came from; the values are stored."""

    FORM = "form"
    API = "api"
    PUBLIC = "public"
    ALERT = "alert"
    MAIL = "mail"
    PATTERN = "pattern"


MAIL_WORD: Final = "review+"
"""What an address for the mail of a review begins with; the key follows."""
