"""Which duties a calendar feed tells, and how it names them."""

from enum import StrEnum


class FeedKind(StrEnum):
    PERSON = "person"
    ROTA = "rota"
    TEAM = "team"
