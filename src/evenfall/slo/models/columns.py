"""What columns of objectives have in common."""

from enum import StrEnum

from django.db.models import Q

PERSON = "identity.User"


def choices(words: type[StrEnum]) -> list[tuple[str, str]]:
    return [(word.value, word.value) for word in words]


def one_of(field: str, words: type[StrEnum]) -> Q:
    return Q(**{f"{field}__in": [word.value for word in words]})
