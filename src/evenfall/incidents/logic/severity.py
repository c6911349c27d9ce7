"""How bad an incident is (SEV1 to SEV5), and whether somebody is woken for it.

An alert says how loud it is (critical to info); an incident has a severity of its own, because only
people know how many customers cannot work. Alerts give it a first one.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct

from evenfall.alerting.ports import Outcome, Severity, Urgency
from evenfall.catalog.ports import Environment

WORST_FIRST: Final = tuple(Severity)


class Sev(StrEnum):
    """How bad an incident is, the worst first."""

    SEV1 = "SEV1"
    SEV2 = "SEV2"
    SEV3 = "SEV3"
    SEV4 = "SEV4"
    SEV5 = "SEV5"

    def is_as_bad_as(self, other: "Sev") -> bool:
        return self <= other

    @property
    def is_major(self) -> bool:
        return self <= Sev.SEV2


CAP: Final = Sev.SEV3
"""As bad as an incident outside production can be: no customer works there."""

# No alert makes a SEV1: whether many customers are down is for a person to say.
_OF_ALERT: Final = {
    Severity.CRITICAL: Sev.SEV2,
    Severity.ERROR: Sev.SEV3,
    Severity.WARNING: Sev.SEV4,
    Severity.INFO: Sev.SEV5,
}
_LOUDNESS: Final = {
    Sev.SEV1: Severity.CRITICAL,
    **{sev: severity for severity, sev in _OF_ALERT.items()},
}


class AlertState(Struct, frozen=True):
    """What an incident needs to know of one of its alerts."""

    severity: Severity
    is_open: bool


def worst(severities: Iterable[Severity]) -> Severity | None:
    """Return the worst of them, None when there is none."""
    return min(severities, key=WORST_FIRST.index, default=None)


def sev_of_alert(severity: Severity, environment: Environment) -> Sev:
    """Return how bad an incident is at first, by what its worst alert says."""
    return capped(_OF_ALERT[severity], environment)


def capped(sev: Sev, environment: Environment) -> Sev:
    """Return the severity, outside production SEV3 at worst."""
    return sev if may_be(sev, environment) else CAP


def may_be(sev: Sev, environment: Environment) -> bool:
    """Whether an incident in this environment can be this bad."""
    return environment is Environment.PROD or CAP.is_as_bad_as(sev)


def sev_of_word(word: str) -> Sev | None:
    """Read a severity from a fact; the oldest facts name that of an alert. None: no such word."""
    if word in set(Sev):
        return Sev(word)
    return _OF_ALERT[Severity(word)] if word in set(Severity) else None


def time_in_each(
    first: Sev, changes: Iterable[tuple[datetime, Sev]], *, since: datetime, until: datetime
) -> dict[Sev, timedelta]:
    """Return how long it had each severity, in the order in which it came to them.

    The times add up to that from `since` to `until`; changes outside of it count for nothing but
    what they left behind.
    """
    found: dict[Sev, timedelta] = {}
    sev, begins = first, since
    for at, after in [*sorted(changes, key=lambda change: change[0]), (until, first)]:
        ends = min(max(at, begins), until)
        found[sev] = found.get(sev, timedelta()) + max(timedelta(), ends - begins)
        sev, begins = after, ends
    return {one: length for one, length in found.items() if length}


def loudness(sev: Sev) -> Severity:
    """Return the word that pages and notices say: they, and policies, speak as alerts do."""
    return _LOUDNESS[sev]


def incident_severity(
    current: Sev,
    *,
    set_by_person: bool,
    alerts: Iterable[AlertState],
    environment: Environment,
) -> Sev:
    """Return the severity that the worst of the open alerts stands for.

    A person's word stands against any alert; with no open alert left the last one stands, so that
    a resolved incident still tells how bad it was.
    """
    if set_by_person:
        return current
    loudest = worst(alert.severity for alert in alerts if alert.is_open)
    return current if loudest is None else sev_of_alert(loudest, environment)


def urgency_of(outcome: Outcome, urgency: Urgency) -> Urgency:
    """An alert that pages is urgent as its rule says; everything else can wait."""
    return urgency if outcome is Outcome.PAGE else Urgency.LOW


def higher(one: Urgency, other: Urgency) -> Urgency:
    return Urgency.HIGH if Urgency.HIGH in (one, other) else Urgency.LOW


def resolves_itself(*, declared_by_person: bool, alerts: Iterable[AlertState]) -> bool:
    """Say whether the incident is over because all its alerts are.

    What a person declared, a person ends: the alerts that joined may be only a part of it.
    """
    states = [alert.is_open for alert in alerts]
    return not declared_by_person and bool(states) and not any(states)
