"""From a batch of alerts to the incidents they need: one for each group."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import reduce
from typing import Final, Protocol

from msgspec import Struct

from evenfall.alerting.ports import Outcome, Severity, Urgency
from evenfall.catalog.ports import Environment
from evenfall.incidents.logic.severity import Sev, higher, sev_of_alert, urgency_of, worst
from evenfall.incidents.logic.titles import incident_title


class Arrival(Struct, frozen=True, kw_only=True):
    """An alert that is to become part of an incident. `at` is aware UTC.

    Without a `group_key` it is a group of its own.
    """

    alert_id: int
    group_key: str | None
    title: str
    severity: Severity
    urgency: Urgency
    environment: str
    at: datetime
    service_id: int | None = None
    team_id: int | None = None
    policy_id: int | None = None
    log_lines: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return self.group_key or f"alert:{self.alert_id}"


class Group(Struct, frozen=True, kw_only=True):
    """What one incident is opened with, or what joins it; never without an alert."""

    key: str
    arrivals: tuple[Arrival, ...]

    @property
    def first(self) -> Arrival:
        return self.arrivals[0]

    @property
    def sev(self) -> Sev:
        loudest = worst(arrival.severity for arrival in self.arrivals) or self.first.severity
        return sev_of_alert(loudest, Environment(self.first.environment))

    @property
    def urgency(self) -> Urgency:
        return reduce(higher, (arrival.urgency for arrival in self.arrivals))

    @property
    def opened_at(self) -> datetime:
        return min(arrival.at for arrival in self.arrivals)

    @property
    def service_id(self) -> int | None:
        return _first_known(arrival.service_id for arrival in self.arrivals)

    @property
    def team_id(self) -> int | None:
        return _first_known(arrival.team_id for arrival in self.arrivals)

    @property
    def policy_id(self) -> int | None:
        return _first_known(arrival.policy_id for arrival in self.arrivals)

    def title(self, *, service: str) -> str:
        return incident_title(self.first.title, service=service)


CALLS: Final = frozenset({Outcome.PAGE.value, Outcome.LOW.value})


class Decided(Protocol):
    """An alert as it was decided: a fact of alerting, or one turn of a replay."""

    @property
    def alert_id(self) -> int: ...
    @property
    def at(self) -> datetime: ...
    @property
    def title(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def environment(self) -> str: ...
    @property
    def outcome(self) -> str: ...
    @property
    def urgency(self) -> str: ...
    @property
    def held_by(self) -> str: ...
    @property
    def group_key(self) -> str: ...
    @property
    def service_id(self) -> int | None: ...
    @property
    def team_id(self) -> int | None: ...
    @property
    def policy_id(self) -> int | None: ...
    @property
    def log_lines(self) -> tuple[str, ...]: ...


def is_calling(decided: Decided) -> bool:
    """Whether people are to be called for it, at once or when they have time."""
    return decided.outcome in CALLS and not decided.held_by


def urgency_now(decided: Decided) -> Urgency:
    return urgency_of(Outcome(decided.outcome), Urgency(decided.urgency))


def arrival_of(decided: Decided) -> Arrival:
    return Arrival(
        alert_id=decided.alert_id,
        group_key=decided.group_key or None,
        title=incident_title(decided.title, service=""),
        severity=Severity(decided.severity),
        urgency=urgency_now(decided),
        environment=decided.environment,
        at=decided.at,
        service_id=decided.service_id,
        team_id=decided.team_id,
        policy_id=decided.policy_id,
        log_lines=decided.log_lines,
    )


def grouped(arrivals: Iterable[Arrival]) -> Sequence[Group]:
    """Return the groups in the order of their keys; a known alert counts once.

    Two workers that insert the same groups in the same order wait for each other instead of
    deadlocking.
    """
    by_key: dict[str, dict[int, Arrival]] = {}
    for arrival in arrivals:
        by_key.setdefault(arrival.key, {}).setdefault(arrival.alert_id, arrival)
    return [Group(key=key, arrivals=tuple(by_key[key].values())) for key in sorted(by_key)]


def _first_known(ids: Iterable[int | None]) -> int | None:
    return next((number for number in ids if number is not None), None)
