"""Columns that several tables of status pages share."""

from enum import StrEnum


def choices(words: type[StrEnum]) -> list[tuple[str, str]]:
    """What a column of such words takes."""
    return [(word.value, word.value) for word in words]
