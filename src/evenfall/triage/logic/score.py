"""What orders the queue: value times age by effort, with every part in words."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from math import log10, sqrt

from msgspec import Struct

from evenfall.triage.logic.priority import Level

WEIGHTS = {Level.LOW: 1.0, Level.MEDIUM: 2.0, Level.HIGH: 4.0}
RECURRENCE = 1.25
TIMES = " \N{MULTIPLICATION SIGN} "
PATIENCE = timedelta(hours=160)
"""Age counts against this much business time where no resolution is promised: 20 days."""
PINS = {
    "legal": "A law or a contract asks for it",
    "security": "It concerns security",
    "data_loss": "Data may be lost",
}


class Worth(Struct, frozen=True, kw_only=True):
    """What is known of an item. `confidence` 0.5 to 1, `multiplier` 1 to 2, effort in hours."""

    impact: Level
    urgency: Level
    users_affected: int = 0
    confidence: float = 1.0
    multiplier: float = 1.0
    effort_hours: float | None = None
    elapsed: timedelta = timedelta(0)
    target: timedelta | None = None
    recurs: bool = False
    pin: str = ""


class Override(Struct, frozen=True, kw_only=True):
    """A score that a person set instead, with the reason, until a day."""

    score: float
    reason: str
    until: datetime


class Part(Struct, frozen=True):
    """A factor of the score, or what it is divided by, and why it is as it is."""

    name: str
    value: float
    words: str
    divides: bool = False

    @property
    def shown(self) -> str:
        return f"{self.value:.2f}"


class Shown(Struct, frozen=True, kw_only=True):
    """A score in words; the same for all to whose figures nobody would see a difference.

    `sum` is all of it in one line. Of each part its name, value and reason, and whether it divides.
    """

    total: str
    computed: str
    sum: str
    parts: tuple[tuple[str, str, str, bool], ...]
    pin: str
    override: Override | None


class Score(Struct, frozen=True, kw_only=True):
    """`total` orders the queue after `pin`; `computed` is what the worth gives."""

    total: float
    computed: float
    worth: Worth
    pin: str = ""
    override: Override | None = None

    @property
    def rank(self) -> tuple[bool, float]:
        """For sorting, the first one last."""
        return (bool(self.pin), self.total)

    @property
    def parts(self) -> tuple[Part, ...]:
        """Where it comes from, in words: built when shown, for hundreds are put in order."""
        return tuple(_parts(self.worth))

    @property
    def shown(self) -> Shown:
        """As people read it."""
        parts = tuple((part.name, part.shown, part.words, part.divides) for part in self.parts)
        over = [f"{name} {value}" for name, value, _, divides in parts if not divides]
        below = [f"{name} {value}" for name, value, _, divides in parts if divides]
        computed = f"{self.computed:.1f}"
        return Shown(
            total=f"{self.total:.1f}",
            computed=computed,
            sum=f"{TIMES.join(over)} ÷ {' ÷ '.join(below)} = {computed}",
            parts=parts,
            pin=self.pin,
            override=self.override,
        )


def score(worth: Worth, *, override: Override | None = None, now: datetime) -> Score:
    """The score at `now`; an override counts until it expires."""
    value = WEIGHTS[worth.impact] * WEIGHTS[worth.urgency] * _reach(worth)
    value *= worth.confidence * worth.multiplier * (RECURRENCE if worth.recurs else 1)
    computed = value * (1 + _age(worth)) / _effort(worth)
    valid = override if override is not None and now < override.until else None
    return Score(
        total=computed if valid is None else valid.score,
        computed=computed,
        worth=worth,
        pin=PINS.get(worth.pin, ""),
        override=valid,
    )


def _reach(worth: Worth) -> float:
    return 1 + log10(1 + worth.users_affected)


def _age(worth: Worth) -> float:
    """The share of the promised time that has passed, at most all of it."""
    return min(1.0, worth.elapsed / (worth.target or PATIENCE))


def _effort(worth: Worth) -> float:
    return 1.0 if worth.effort_hours is None else sqrt(max(worth.effort_hours, 1.0))


def _parts(worth: Worth) -> Iterator[Part]:
    users, share, hours = worth.users_affected, _age(worth), worth.effort_hours
    yield Part("Impact", WEIGHTS[worth.impact], f"{worth.impact.value} impact")
    yield Part("Urgency", WEIGHTS[worth.urgency], f"{worth.urgency.value} urgency")
    people = "nobody counted" if users == 0 else f"{users} people affected"
    yield Part("Reach", _reach(worth), people)
    yield Part("Confidence", worth.confidence, f"{worth.confidence:.0%} sure that this is so")
    yield Part("Business", worth.multiplier, "money, law or a contract, from 1 to 2")
    if worth.recurs:
        yield Part("Recurrence", RECURRENCE, "it has happened before, or its pattern is live")
    whole = "the promised time" if worth.target else "20 business days"
    passed = f"{share:.0%} of {whole} has passed; at most 2, nothing starves"
    yield Part("Age", 1 + share, passed)
    effort = "not estimated" if hours is None else f"root of {hours:g} hours"
    yield Part("Effort", _effort(worth), effort, divides=True)
