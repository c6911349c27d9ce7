"""Routing rules: ordered, the first that holds decides, the last one always holds."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from msgspec import Struct, field

from evenfall.alerting.logic import hours
from evenfall.alerting.logic.expressions import Condition, Facts, compile_condition
from evenfall.alerting.logic.handles import Handles, handles
from evenfall.alerting.logic.updates import Fallback, Outcome, Severity, Urgency

CATCH_ALL_NAME = "Everything else"
PRODUCTION = "PROD"


class Effects(Struct, frozen=True, kw_only=True):
    """What a rule decides. None leaves it as the alert and the defaults have it.

    `group_by` names labels (or service, environment, severity, integration, source). `runbook_id`
    is what the outcome *automate* starts; the alert must clear within `clear_within` of its end.
    When that does not help it becomes `fallback`, else what an error of its place becomes. A page
    comes only when the alert is still open after `wait`.
    """

    outcome: Outcome | None = None
    urgency: Urgency | None = None
    severity: Severity | None = None
    service_id: int | None = None
    policy_id: int | None = None
    runbook_id: int | None = None
    fallback: Fallback | None = None
    clear_within: timedelta | None = None
    group_by: tuple[str, ...] | None = None
    group_window: timedelta | None = None
    wait: timedelta | None = None


class Rule(Struct, frozen=True, kw_only=True):
    id: int
    name: str
    condition: str = "true"
    effects: Effects = field(default_factory=Effects)
    is_catch_all: bool = False
    is_enabled: bool = True


class ActiveRule(Struct, frozen=True):
    rule: Rule
    condition: Condition


class RuleBook(Struct, frozen=True):
    """One version of all rules, compiled. `catch_all` is not among `rules`.

    `handles` lead to the few rules that could hold: with a thousand of them, to try each took most
    of the time of an alert.
    """

    version: int
    rules: tuple[ActiveRule, ...]
    catch_all: Rule
    handles: Handles

    @property
    def service_ids(self) -> set[int]:
        """The services that rules name."""
        rules = (*(active.rule for active in self.rules), self.catch_all)
        return {rule.effects.service_id for rule in rules if rule.effects.service_id is not None}

    def rule_for(self, facts: Facts) -> Rule:
        for place in self.handles.near(facts):
            active = self.rules[place]
            if active.condition.holds(facts):
                return active.rule
        return self.catch_all


def compile_rules(version: int, rules: Sequence[Rule]) -> RuleBook:
    """Compile the rules in their order; raises ExpressionError.

    Without a catch-all among them there is one that leaves everything to the defaults.
    """
    catch_all = next(
        (rule for rule in rules if rule.is_catch_all),
        Rule(id=0, name=CATCH_ALL_NAME, is_catch_all=True),
    )
    active = tuple(
        ActiveRule(rule, compile_condition(rule.condition))
        for rule in rules
        if rule.is_enabled and not rule.is_catch_all
    )
    return RuleBook(version, active, catch_all, handles(one.rule.condition for one in active))


class Default(Struct, frozen=True):
    outcome: Outcome
    urgency: Urgency
    reason: str


_TICKET = Default(Outcome.TICKET, Urgency.LOW, "a warning becomes a ticket")
_RECORD = Default(Outcome.RECORD, Urgency.LOW, "information is only recorded")
_PAGE = Default(Outcome.PAGE, Urgency.HIGH, "production, {severity}: somebody is paged")
_PAGE_BY_DAY = Default(
    Outcome.PAGE, Urgency.HIGH, "{environment}, {severity}, in working hours: somebody is paged"
)
_LOW_BY_NIGHT = Default(
    Outcome.LOW,
    Urgency.LOW,
    "{environment} wakes nobody out of working hours: low urgency",
)


def default_outcome(severity: Severity, environment: str, *, at: datetime, zone: str) -> Default:
    """Return what happens when the rule does not say: see alerting defaults in the docs."""
    if severity is Severity.WARNING:
        return _TICKET
    if severity is Severity.INFO:
        return _RECORD
    if environment == PRODUCTION:
        return _worded(_PAGE, severity, environment)
    by_day = hours.working_hours(at, zone)
    return _worded(_PAGE_BY_DAY if by_day else _LOW_BY_NIGHT, severity, environment)


@lru_cache(maxsize=64)
def _worded(default: Default, severity: Severity, environment: str) -> Default:
    reason = default.reason.format(severity=severity, environment=environment)
    return Default(default.outcome, default.urgency, reason)


def not_waking(wanted: Default, environment: str, *, at: datetime, zone: str) -> Default:
    """Return what may happen outside of production: out of working hours nothing wakes anybody.

    Not even a rule that says so: what nobody depends on can wait until the morning.
    """
    is_loud = wanted.urgency is Urgency.HIGH or wanted.outcome is Outcome.PAGE
    if environment == PRODUCTION or not is_loud or hours.working_hours(at, zone):
        return wanted
    outcome = Outcome.LOW if wanted.outcome is Outcome.PAGE else wanted.outcome
    reason = f"{wanted.reason}, but {environment} wakes nobody out of working hours: low urgency"
    return Default(outcome, Urgency.LOW, reason)


def default_urgency(outcome: Outcome) -> Urgency:
    """A rule that says page means it: somebody may be woken."""
    return Urgency.HIGH if outcome is Outcome.PAGE else Urgency.LOW


def instead_of_repair(environment: str, *, at: datetime, zone: str) -> Default:
    """Return what happens when an alert should be repaired and is not: people are called.

    Whatever its severity, because somebody thought it worth a repair.
    """
    return default_outcome(Severity.ERROR, environment, at=at, zone=zone)
