"""What a call says, in the language of who picks up.

Short, and said twice: whoever is woken misses the first half. Severity, service, what, since when,
and which keys answer. Log lines, addresses and why it is you are for the screen.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from evenfall.notifications.logic.about import About
from evenfall.notifications.logic.phrases import Phrases, phrases_of
from evenfall.notifications.logic.speakable import speakable

TWICE: Final = 2
LONGEST_WHAT: Final = 200
LONGEST_SERVICE: Final = 60
LONGEST_ITEM: Final = 100
ITEMS_SPOKEN: Final = 3
REPEAT: Final = "0"
KEYS: Final = MappingProxyType({"4": "acknowledge", "6": "escalate"})  # key -> name of the answer
_NAMED_DAYS: Final = 6  # beyond these a weekday would be ambiguous


class Speech(Struct, frozen=True, kw_only=True):
    """What the voice says now: `text`, `times` times, in `language` (BCP 47).

    `keys` are those that mean something while and after it is said; with none the call ends.
    `parting` is said before the end where a key was hoped for and none came.
    """

    text: str
    language: str
    times: int = 1
    keys: tuple[str, ...] = ()
    parting: str = ""


class Saying(StrEnum):
    """What became of a key, or why there is nothing to press."""

    ACKNOWLEDGED = "acknowledged"
    ESCALATED = "escalated"
    ALREADY = "already"
    TAKEN = "taken"
    CLOSED = "closed"
    FAILED = "failed"
    GOODBYE = "goodbye"


def announcement(
    *,
    title: str,
    about: Sequence[About],
    count: int,
    offers: Collection[str],
    is_test: bool,
    language: str,
    now: datetime,
) -> Speech:
    """What is said when somebody picks up. `offers` are the names of the answers they may give.

    `count` is how many things it is about, of which `about` holds the first.
    """
    words = phrases_of(language)
    told = words.test if is_test else _told(title, about, count, words, now)
    return _asking(f"{words.intro} {told}", words, offers, times=TWICE)


def code_speech(code: str, *, language: str) -> Speech:
    """A number to type, digit by digit."""
    words = phrases_of(language)
    said = words.code.format(digits=", ".join(code))
    return Speech(text=f"{words.intro} {said}", language=words.tag, times=TWICE)


def wrong_key(*, offers: Collection[str], language: str) -> Speech:
    """The choices once more, for who pressed something else."""
    words = phrases_of(language)
    return _asking(words.wrong_key, words, offers, times=1)


def saying(what: Saying, *, language: str) -> Speech:
    """Words that end a call."""
    words = phrases_of(language)
    text = str(getattr(words, what.value))
    return Speech(text=text, language=words.tag)


def keys_for(offers: Collection[str]) -> tuple[str, ...]:
    """The keys that do something: those of the answers on offer, and the one that repeats."""
    return (*(key for key, name in KEYS.items() if name in offers), REPEAT)


def _asking(text: str, words: Phrases, offers: Collection[str], *, times: int) -> Speech:
    keys = keys_for(offers)
    choices = words.press.format(choices=", ".join(words.choices[key] for key in keys))
    return Speech(
        text=f"{text} {choices}",
        language=words.tag,
        times=times,
        keys=keys,
        parting=words.goodbye,
    )


def _told(title: str, about: Sequence[About], count: int, words: Phrases, now: datetime) -> str:
    if not about:
        return _sentence(speakable(title, words, longest=LONGEST_WHAT))
    if count == 1:
        problem = _problem(about[0], words, longest=LONGEST_WHAT)
        return f"{problem} {_since(about[0], words, now)}".strip()
    listed = about[:ITEMS_SPOKEN]
    items = " ".join(_problem(one, words, longest=LONGEST_ITEM) for one in listed)
    rest = count - len(listed)
    more = f" {words.rest.format(count=rest)}" if rest > 0 else ""
    return f"{words.digest.format(count=count)} {items}{more}"


def _problem(one: About, words: Phrases, *, longest: int) -> str:
    """Severity, service and what, each its own short sentence."""
    service = speakable(one.service, words, longest=LONGEST_SERVICE)
    what = speakable(one.what, words, longest=longest)
    if service and what.lower().startswith(service.lower()):
        service = ""
    parts = (words.severities.get(one.severity, ""), _sentence(service), _sentence(what))
    return " ".join(part for part in parts if part)


def _sentence(text: str) -> str:
    return f"{text}." if text and text[-1] not in "!?" else text


def _since(one: About, words: Phrases, now: datetime) -> str:
    """Since when, on the reader's clock; older than a week in days."""
    if one.since is None:
        return ""
    zone = ZoneInfo(one.zone)
    local, today = one.since.astimezone(zone), now.astimezone(zone)
    days = (today.date() - local.date()) // timedelta(days=1)
    form = words.clock if local.minute else words.full_hour
    time = form.format(hour=local.hour, minute=local.minute)
    if days > _NAMED_DAYS:
        return words.since_days.format(days=days)
    if days:
        return words.since_day.format(day=words.weekdays[local.weekday()], time=time)
    return words.since.format(time=time)
