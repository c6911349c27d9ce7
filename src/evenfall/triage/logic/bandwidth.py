"""The hours a team has for what can wait, and what fits into them."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from math import ceil, inf

from msgspec import Struct, field

FOCUS = 0.7
"""The part of contract hours in which people get to work at all."""
ON_CALL_COST = 0.5
"""What a whole week of duty takes of what remains."""
SHARE = 0.2
FULL_WEEK = 40.0
UNKNOWN_EFFORT = 4.0
"""The hours taken for what nobody estimated."""
MOST_WEEKS = 520
_ROUNDING = 1e-9


class PersonWeek(Struct, frozen=True, kw_only=True):
    """One person in one week; hours, and the share of the week on call, 0 to 1."""

    name: str
    contract: float = FULL_WEEK
    leave: float = 0.0
    meetings: float = 0.0
    sprint: float = 0.0
    on_call: float = 0.0
    focus: float = FOCUS
    share: float = SHARE
    skills: tuple[str, ...] = ()

    @property
    def hours(self) -> float:
        """What is left for the review, never less than nothing."""
        free = self.contract * self.focus - self.leave - self.meetings
        after_duty = free - max(free, 0.0) * ON_CALL_COST * self.on_call
        return max(after_duty - self.sprint, 0.0) * self.share


class Work(Struct, frozen=True, kw_only=True):
    """One item that waits; `due_at` only where its promise is at risk.

    `week` is the Monday of the week that people put it into, if they did.
    """

    item_id: int
    rank: tuple[bool, float]
    effort_hours: float | None
    due_at: datetime | None = None
    skills: frozenset[str] = frozenset()
    week: date | None = None

    @property
    def hours(self) -> float:
        return UNKNOWN_EFFORT if self.effort_hours is None else self.effort_hours


class Skipped(Struct, frozen=True, kw_only=True):
    """An item that is not for this week whatever hours there are, and why."""

    item_id: int
    why: str


class Unfitting(Struct, frozen=True, kw_only=True):
    """The first item that does not fit, the Monday of the week it does, and what would help."""

    item_id: int
    extra_hours: float
    monday: date | None


class Plan(Struct, frozen=True, kw_only=True):
    """What this week holds. `first_out` is None when everything fits but what is `skipped`."""

    hours: float
    used: float
    fits: tuple[int, ...] = ()
    first_out: Unfitting | None = field(default=None)
    skipped: tuple[Skipped, ...] = ()


def ordered(works: Iterable[Work]) -> list[Work]:
    """What is at risk first, the earliest deadline first; then pins, what has a week, the score."""
    return sorted(works, key=_place)


def plan(
    works: Iterable[Work], *, hours: float, monday: date, people: Sequence[PersonWeek] = ()
) -> Plan:
    """Fill the week that begins on `monday`, in order, until something does not fit.

    What comes after that does not overtake it: the order is what people were told. What is put into
    a later week, or wants skills that nobody of `people` with hours left has, is skipped. People
    have the parts of `hours` that their own hours are of all.
    """
    used, fits, skipped = 0.0, list[int](), list[Skipped]()
    hands, out = _Hands(people, hours), None
    for work in ordered(works):
        if why := _later(work, monday) or hands.why_not(work):
            skipped.append(Skipped(item_id=work.item_id, why=why))
        elif out is None and used + work.hours > hours:
            out = _unfitting(work, used=used, hours=hours, monday=monday)
        elif out is None:
            used += work.hours
            hands.take(work)
            fits.append(work.item_id)
    return Plan(hours=hours, used=used, fits=tuple(fits), first_out=out, skipped=tuple(skipped))


class _Hand(Struct):
    skills: frozenset[str]
    left: float


class _Hands:
    """Who has how many hours left; without people the hours are of somebody without skills."""

    def __init__(self, people: Sequence[PersonWeek], hours: float) -> None:
        known = [*people] or [PersonWeek(name="")]
        total = total_hours(known)
        self._hands = [
            _Hand(frozenset(one.skills), hours * (one.hours / total if total else 1 / len(known)))
            for one in known
        ]

    def why_not(self, work: Work) -> str:
        """Say why nobody can do this, "" when somebody can; several who can may share it."""
        if not work.skills:
            return ""
        able, wanted = self._able(work), ", ".join(sorted(work.skills))
        if not able:
            return f"Nobody in the team has the skills: {wanted}."
        left = sum(one.left for one in able)
        if left + _ROUNDING < work.hours:
            return (
                f"Those with the skills {wanted} have {left:.1f} h left; it takes {work.hours:g} h."
            )
        return ""

    def take(self, work: Work) -> None:
        """Take the hours of those who can little else first: the others may be needed."""
        wanted = work.hours
        for one in sorted(self._able(work), key=lambda hand: (len(hand.skills), -hand.left)):
            taken = min(one.left, wanted)
            one.left, wanted = one.left - taken, wanted - taken

    def _able(self, work: Work) -> list[_Hand]:
        return [one for one in self._hands if work.skills <= one.skills]


def _later(work: Work, monday: date) -> str:
    if work.week is None or work.week <= monday:
        return ""
    return f"It is put into the week of {work.week:%d %b %Y}."


def total_hours(people: Sequence[PersonWeek]) -> float:
    return sum(person.hours for person in people)


def _unfitting(work: Work, *, used: float, hours: float, monday: date) -> Unfitting:
    """When it is done if every week had these hours."""
    needed = used + work.hours
    weeks = ceil(min(needed / hours, MOST_WEEKS + 1)) if hours > 0 else MOST_WEEKS + 1
    fits_on = monday + timedelta(weeks=weeks - 1) if weeks <= MOST_WEEKS else None
    return Unfitting(item_id=work.item_id, extra_hours=needed - hours, monday=fits_on)


def _place(work: Work) -> tuple[float, bool, bool, float, int]:
    is_pinned, score = work.rank
    deadline = inf if work.due_at is None else work.due_at.timestamp()
    return (deadline, not is_pinned, work.week is None, -score, work.item_id)
