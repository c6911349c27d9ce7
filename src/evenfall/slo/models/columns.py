"""What columns of objectives have in common."""

from enum import StrEnum

from django.db.models import Q

PERSON = "identity.User"
KEY_LENGTH = 100
REFERENCE_LENGTH = 120
TITLE_LENGTH = 200
URL_LENGTH = 500


def choices(words: type[StrEnum]) -> list[tuple[str, str]]:
    return [(word.value, word.value) for word in words]


def one_of(field: str, words: type[StrEnum]) -> Q:
    return Q(**{f"{field}__in": [word.value for word in words]})
