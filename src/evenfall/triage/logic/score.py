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


class Score(Struct, frozen=True, kw_only=True):
    """`total` orders the queue after `pin`; `computed` is what the parts give."""

    total: float
    computed: float
    parts: tuple[Part, ...]
    pin: str = ""
    override: Override | None = None

    @property
    def rank(self) -> tuple[bool, float]:
        """For sorting, the first one last."""
        return (bool(self.pin), self.total)

    @property
    def words(self) -> str:
        """The whole sum in one line."""
        shown = [f"{part.name} {part.shown}" for part in self.parts if not part.divides]
        below = [f"{part.name} {part.shown}" for part in self.parts if part.divides]
        return f"{TIMES.join(shown)} ÷ {' ÷ '.join(below)} = {self.computed:.1f}"


def score(worth: Worth, *, override: Override | None = None, now: datetime) -> Score:
    """The score at `now`; an override counts until it expires."""
    parts = tuple(_parts(worth))
    computed = 1.0
    for part in parts:
        computed = computed / part.value if part.divides else computed * part.value
    valid = override if override is not None and now < override.until else None
    return Score(
        total=computed if valid is None else valid.score,
        computed=computed,
        parts=parts,
        pin=PINS.get(worth.pin, ""),
        override=valid,
    )


def _parts(worth: Worth) -> Iterator[Part]:
    yield Part("Impact", WEIGHTS[worth.impact], f"{worth.impact.value} impact")
    yield Part("Urgency", WEIGHTS[worth.urgency], f"{worth.urgency.value} urgency")
    yield _reach(worth.users_affected)
    yield Part("Confidence", worth.confidence, f"{worth.confidence:.0%} sure that this is so")
    yield Part("Business", worth.multiplier, "money, law or a contract, from 1 to 2")
    if worth.recurs:
        yield Part("Recurrence", RECURRENCE, "it has happened before, or its pattern is live")
    yield _age(worth)
    yield _effort(worth.effort_hours)


def _reach(users: int) -> Part:
    people = "nobody counted" if users == 0 else f"{users} people affected"
    return Part("Reach", 1 + log10(1 + users), people)


def _age(worth: Worth) -> Part:
    target = worth.target or PATIENCE
    share = min(1.0, worth.elapsed / target)
    whole = "the promised time" if worth.target else "20 business days"
    return Part("Age", 1 + share, f"{share:.0%} of {whole} has passed; at most 2, nothing starves")


def _effort(hours: float | None) -> Part:
    if hours is None:
        return Part("Effort", 1.0, "not estimated", divides=True)
    return Part("Effort", sqrt(max(hours, 1.0)), f"root of {hours:g} hours", divides=True)
