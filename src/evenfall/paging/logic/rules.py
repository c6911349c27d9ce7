"""Personal rules: over which channels, after how long, one person wants to be reached."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from evenfall.paging.logic.window import WeeklyWindow
from evenfall.paging.logic.words import Hours, Urgency

INBOX = "inbox"
MAX_RULES = 20
VOICE, SMS, EMAIL = "voice", "sms", "email"
CHAT = ("slack", "telegram", "mattermost", "teams")
MAX_DELAY_MINUTES = 12 * 60


class PersonRule(Struct, frozen=True, kw_only=True):
    """After `delay_minutes` use every verified contact method of `kind`.

    `team_id` is the team whose pages the rule is for; None: of all teams without rules of their
    own for this urgency.
    """

    urgency: Urgency
    kind: str
    delay_minutes: int = 0
    hours: Hours = Hours.ALWAYS
    team_id: int | None = None

    @property
    def delay(self) -> timedelta:
        return timedelta(minutes=self.delay_minutes)


DEFAULT_RULES = (
    *(
        PersonRule(urgency=Urgency.HIGH, kind=kind, delay_minutes=minutes)
        for minutes in (0, 2, 5)
        for kind in ("webpush", EMAIL)
    ),
    PersonRule(urgency=Urgency.LOW, kind=EMAIL, hours=Hours.WORKING),
)
CALLS_AT = (2, 5)  # minutes, once a telephone is known


def default_rules(kinds: Collection[str]) -> tuple[PersonRule, ...]:
    """The rules of somebody who made none, by what they can be reached over.

    With a telephone: all that makes no call at once, then a call, then another one. Without: the
    same ways again and again. What is not urgent comes by mail or chat, in working hours.
    """
    return (*_default_urgent(kinds), _default_quiet(kinds))


def _default_urgent(kinds: Collection[str]) -> tuple[PersonRule, ...]:
    if VOICE in kinds:
        at_once = [(kind, 0) for kind in sorted(set(kinds) - {INBOX, VOICE})] or [(VOICE, 0)]
        wanted = [*at_once, *((VOICE, minutes) for minutes in CALLS_AT)]
    else:
        wanted = [(rule.kind, rule.delay_minutes) for rule in DEFAULT_RULES[:-1]]
        wanted += [(SMS, minutes) for minutes in (0, 5) if SMS in kinds]
    return tuple(
        PersonRule(urgency=Urgency.HIGH, kind=kind, delay_minutes=minutes)
        for kind, minutes in wanted
    )


def _default_quiet(kinds: Collection[str]) -> PersonRule:
    chat = [kind for kind in CHAT if kind in kinds]
    kind = chat[0] if chat and EMAIL not in kinds else EMAIL
    return PersonRule(urgency=Urgency.LOW, kind=kind, hours=Hours.WORKING)


class Wishes(Struct, frozen=True, kw_only=True):
    """How one person wants to be reached: `hours` are for what need not be at once."""

    rules: tuple[PersonRule, ...]
    hours: WeeklyWindow


def rules_for(
    rules: Sequence[PersonRule], *, urgency: Urgency, team_id: int | None
) -> tuple[PersonRule, ...]:
    """The rules that count for a page of this team: its own, else those for every team."""
    fitting = [rule for rule in rules if rule.urgency is urgency]
    own = tuple(rule for rule in fitting if rule.team_id == team_id)
    return own or tuple(rule for rule in fitting if rule.team_id is None)


class Planned(Struct, frozen=True, kw_only=True):
    """One notice to plan: a channel kind and the instant it is due."""

    kind: str
    due_at: datetime


def plan_notices_for(
    rules: Sequence[PersonRule],
    *,
    urgency: Urgency,
    team_id: int | None,
    start: datetime,
    cut_off: datetime | None,
    working: WeeklyWindow,
    kinds: Collection[str],
) -> tuple[Planned, ...]:
    """When to use which channel for one person, the inbox first and always.

    `kinds` are the channel kinds the person can be reached over. Rules due after `cut_off` (when
    the policy moves on; None: never) are left out, for somebody else is being called by then. If
    no rule is left although the person can be reached, every kind is used at once: a rule for a
    channel that broke must not make a page silent.
    """
    due = [
        Planned(kind=rule.kind, due_at=_due_at(rule, start, working))
        for rule in rules_for(rules, urgency=urgency, team_id=team_id)
        if rule.kind in kinds
    ]
    in_time = [p for p in due if cut_off is None or p.due_at <= cut_off]
    usable = in_time or [
        Planned(kind=kind, due_at=_fallback_at(urgency, start, working))
        for kind in _all_ways(kinds, urgency)
    ]
    inbox = Planned(kind=INBOX, due_at=start)
    return tuple(sorted({inbox, *usable}, key=lambda p: (p.due_at, p.kind != INBOX, p.kind)))


def _due_at(rule: PersonRule, start: datetime, working: WeeklyWindow) -> datetime:
    at = start + rule.delay
    return working.next_open(at) if rule.hours is Hours.WORKING else at


def _all_ways(kinds: Collection[str], urgency: Urgency) -> list[str]:
    """Every kind but the inbox; what is not urgent rings only who has nothing else."""
    ways = set(kinds) - {INBOX}
    quiet = ways - {VOICE} if urgency is Urgency.LOW else ways
    return sorted(quiet or ways)


def _fallback_at(urgency: Urgency, start: datetime, working: WeeklyWindow) -> datetime:
    return start if urgency is Urgency.HIGH else working.next_open(start)


class Flaw(StrEnum):
    """Why a personal rule will not do what its owner expects."""

    TOO_LATE = "too_late"
    NO_METHOD = "no_method"
    ASLEEP = "asleep"
    NOTHING_AT_ONCE = "nothing_at_once"


class RuleWarning(Struct, frozen=True, kw_only=True):
    """A flaw; `position` is the index of the rule, None when it is about all of them."""

    flaw: Flaw
    urgency: Urgency
    position: int | None = None


def warnings_for(
    rules: Sequence[PersonRule], *, moves_on_after: timedelta | None, kinds: Collection[str]
) -> tuple[RuleWarning, ...]:
    """What is wrong with somebody's rules, most useful while editing them.

    `moves_on_after` is how long the person's step waits before the next one is taken (the shortest
    of all policies that may page them; None when no policy names them).
    """
    found = [
        RuleWarning(flaw=flaw, urgency=rule.urgency, position=position)
        for position, rule in enumerate(rules)
        if (flaw := _flaw(rule, moves_on_after, kinds)) is not None
    ]
    teams = dict.fromkeys((None, *(rule.team_id for rule in rules)))
    urgent = (rules_for(rules, urgency=Urgency.HIGH, team_id=team_id) for team_id in teams)
    silent = [warning for one in urgent for warning in _silent_start(one, kinds)]
    return (*found, *silent[:1])


def _flaw(
    rule: PersonRule, moves_on_after: timedelta | None, kinds: Collection[str]
) -> Flaw | None:
    if rule.kind != INBOX and rule.kind not in kinds:
        return Flaw.NO_METHOD
    if rule.urgency is Urgency.LOW:
        return None
    if moves_on_after is not None and rule.delay > moves_on_after:
        return Flaw.TOO_LATE
    return Flaw.ASLEEP if rule.hours is Hours.WORKING else None


def _silent_start(rules: Sequence[PersonRule], kinds: Collection[str]) -> tuple[RuleWarning, ...]:
    at_once = any(
        rule.delay_minutes == 0
        and rule.kind in kinds
        and rule.kind != INBOX
        and rule.hours is Hours.ALWAYS
        for rule in rules
    )
    return () if at_once else (RuleWarning(flaw=Flaw.NOTHING_AT_ONCE, urgency=Urgency.HIGH),)
