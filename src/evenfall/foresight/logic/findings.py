"""Findings: what they are, how heavy, who owns them. The checks are reads of other domains."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct

from evenfall.foresight.logic.kinds import Check
from evenfall.foresight.logic.mends import Offer, rule_offer

LONGEST_DISMISSAL: Final = timedelta(days=180)


class Weight(StrEnum):
    """`SERIOUS`: a page would wake nobody. Its owner hears of it at once, not once a week."""

    SERIOUS = "serious"
    WARNING = "warning"
    HINT = "hint"


HEAVIEST_FIRST: Final = tuple(Weight)


class Found(Struct, frozen=True, kw_only=True):
    """A trouble as a check tells it. `mend_url` is a path that leads straight into the mend.

    `offer` is what one click mends, where there is such a thing.
    """

    check: Check
    weight: Weight
    subject: str
    title: str
    why: str
    mend: str
    mend_url: str
    team_id: int | None = None
    person_id: int | None = None
    offer: Offer | None = None

    @property
    def key(self) -> str:
        return f"{self.check}:{self.subject}"


class Known(Struct, frozen=True, kw_only=True):
    """A finding that is open, as far as the comparison needs it."""

    id: int
    key: str


class Difference(Struct, frozen=True, kw_only=True):
    """What a new look changes: fresh ones, those still there by id, and ids of those gone."""

    fresh: tuple[Found, ...]
    still: tuple[tuple[int, Found], ...]
    gone: tuple[int, ...]


def compare(known: Sequence[Known], found: Iterable[Found]) -> Difference:
    """Put what was found beside what is known. The same trouble told twice counts once."""
    now = {one.key: one for one in found}
    ids = {one.key: one.id for one in known}
    return Difference(
        fresh=tuple(one for key, one in now.items() if key not in ids),
        still=tuple((ids[key], one) for key, one in now.items() if key in ids),
        gone=tuple(one.id for one in known if one.key not in now),
    )


def wrong_dismissal(until: date, reason: str, *, today: date) -> str:
    """Why somebody cannot dismiss a finding like that; empty when they can."""
    if not reason.strip():
        return "Say why it may stay: people will ask."
    if until <= today:
        return "Choose a day that is still to come."
    if until > today + LONGEST_DISMISSAL:
        return f"Choose a day within the next {LONGEST_DISMISSAL.days} days: it is looked at again."
    return ""


def is_dismissed(until: date | None, today: date) -> bool:
    return until is not None and today < until


class RuleFact(Struct, frozen=True, kw_only=True):
    """A rule with what is known of it: how many of the recorded alerts its condition holds for, and
    how many of them it took as the first. `changed_at` is None for the catch-all of a new site.
    """

    id: int
    name: str
    condition: str
    is_catch_all: bool
    holds: int
    took: int
    changed_at: datetime | None


def rule_troubles(
    rules: Sequence[RuleFact], *, looked_at: int, days: int, since: datetime
) -> Iterable[Found]:
    """Rules that never decide: behind one that always holds, shadowed on every alert, or idle.

    A rule younger than the time looked at is given until then.
    """
    always = None
    for rule in rules:
        if rule.is_catch_all:
            continue
        if always is not None:
            why = f'"{always.name}" stands before it and holds for every alert.'
            yield _rule(Check.DEAD_RULE, Weight.WARNING, rule, why)
        elif looked_at and (rule.changed_at is None or rule.changed_at <= since):
            if rule.holds and not rule.took:
                why = (
                    f"Its condition held for {rule.holds} alerts of the last {days} days, "
                    "and rules before it took all of them."
                )
                yield _rule(Check.DEAD_RULE, Weight.WARNING, rule, why)
            elif not rule.holds:
                why = f"None of the {looked_at} alerts of the last {days} days matched it."
                yield _rule(Check.IDLE_RULE, Weight.HINT, rule, why)
        if always is None and rule.condition.strip().casefold() == "true":
            always = rule


def _rule(check: Check, weight: Weight, rule: RuleFact, why: str) -> Found:
    return Found(
        check=check,
        weight=weight,
        subject=f"rule:{rule.id}",
        title=f"Rule {rule.name} never decides"
        if check is Check.DEAD_RULE
        else f"Rule {rule.name} matched nothing",
        why=why,
        mend="Look at the rule",
        mend_url=f"/rules/{rule.id}/",
        offer=rule_offer(check, rule.id),
    )
