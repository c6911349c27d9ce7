"""What columns of on-call have in common."""

from enum import StrEnum

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q

PERSON = "identity.User"


def choices(words: type[StrEnum]) -> list[tuple[str, str]]:
    return [(word.value, word.value) for word in words]


def one_of(field: str, words: type[StrEnum]) -> Q:
    return Q(**{f"{field}__in": [word.value for word in words]})


def all_between(field: str, least: int, most: int) -> Func:
    """SQL condition on every element of an array; true for an empty one."""
    template = f"({least} <= ALL(%(expressions)s) AND {most} >= ALL(%(expressions)s))"
    return Func(F(field), template=template, output_field=models.BooleanField())


def windows() -> "ArrayField[list[list[int]], list[list[int]]]":
    """Weekly windows [[starts, ends], …] in minutes since Monday 00:00."""
    pair = ArrayField(models.SmallIntegerField(), size=2)
    return ArrayField(pair, default=list, blank=True)
