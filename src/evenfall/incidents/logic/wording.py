"""What a fact is said with: a template, how it looks, and a second line."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct


class Tone(StrEnum):
    """How a line looks in the timeline; the words are those of the design system."""

    PLAIN = ""
    QUIET = "quiet"
    ACCENT = "accent"
    GOOD = "good"
    WARNING = "warning"
    CRITICAL = "critical"


class Sentence(Struct, frozen=True):
    """`why` is a second, smaller line; an empty one is left out."""

    text: str
    tone: Tone = Tone.PLAIN
    why: str = ""


type Words = Callable[[Mapping[str, Any]], Sentence]


def plain(text: str, tone: Tone = Tone.PLAIN, why: str = "") -> Words:
    """The same words whatever the fact says."""
    return lambda _data: Sentence(text, tone, why)
