"""Columns that several tables share."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Q

from evenfall.catalog.ports import Environment

ENVIRONMENTS = [(one.value, one.value) for one in Environment]


def choices(words: Iterable[Any]) -> list[tuple[str, str]]:
    return [(str(word.value), str(word.value)) for word in words]


def some_service() -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        "catalog.Service", on_delete=models.CASCADE, null=True, related_name="+"
    )


def some_team() -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey("identity.Team", on_delete=models.CASCADE, null=True, related_name="+")


def person() -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey("identity.User", on_delete=models.PROTECT, related_name="+")


def some_person() -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey("identity.User", on_delete=models.PROTECT, null=True, related_name="+")


def one_scope(name: str) -> models.CheckConstraint:
    """A service, a team, or neither for the whole site."""
    return models.CheckConstraint(
        condition=Q(service__isnull=True) | Q(team__isnull=True), name=name
    )
