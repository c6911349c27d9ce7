"""Words of triage that other domains speak too."""

from enum import StrEnum


class Source(StrEnum):
    """Where an item came from; the values are stored."""

    FORM = "form"
    API = "api"
    PUBLIC = "public"
    ALERT = "alert"
    MAIL = "mail"
    PATTERN = "pattern"
