"""Which incidents, and which pages, a replay of alerts leads to.

The same questions as when alerts are real: what joins, what comes back, what is urgent, when an
incident is over, when its page stops. What humans did is taken as it was: an incident is answered
as the real incident of its first alert was, at the same time after its beginning (`Answers`).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import reduce
from typing import Final

from msgspec import Struct, field

from evenfall.alerting.ports import Severity, Urgency
from evenfall.alerting.ports.proposals import Turn
from evenfall.catalog.ports import Environment
from evenfall.incidents.logic.grouping import Arrival, Group, arrival_of, is_calling, urgency_now
from evenfall.incidents.logic.severity import (
    AlertState,
    Sev,
    higher,
    incident_severity,
    loudness,
    resolves_itself,
)
from evenfall.incidents.logic.states import REOPEN_BY_ALERT

OVER: Final = "all its alerts ended"
HELD: Final = "its alerts are held back"
URGENT: Final = "it became urgent"
CLOSED: Final = "somebody resolved it"


class Answers(Struct, frozen=True, kw_only=True):
    """What humans did about a real incident, as times after it was opened.

    After the first answer nobody else is called: how long somebody who answered may be silent
    before the page rings again is not replayed, because nobody knows their signs of life.
    """

    user_id: int | None = None
    answered_after: timedelta | None = None
    resolved_after: timedelta | None = None


class Ring(Struct, kw_only=True):
    """One page: from when, until when (None: to the end of the time), and what it begins with."""

    at: datetime
    urgency: Urgency
    severity: Severity
    answers: Answers
    stops_at: datetime | None = None
    why_stopped: str = ""

    @property
    def answered_at(self) -> datetime | None:
        after = self.answers.answered_after
        return None if after is None else self.at + after


class Foreseen(Struct, kw_only=True):
    """An incident of a replay; changed while turns come."""

    first: Arrival
    sev: Sev
    urgency: Urgency
    service_id: int | None
    team_id: int | None
    policy_id: int | None
    answers: Answers
    alerts: dict[int, AlertState] = field(default_factory=dict)
    held: set[int] = field(default_factory=set)
    rings: list[Ring] = field(default_factory=list)
    ended_at: datetime | None = None
    severities: dict[int, Severity] = field(default_factory=dict)

    @property
    def opened_at(self) -> datetime:
        return self.first.at

    @property
    def ringing(self) -> Ring | None:
        return self.rings[-1] if self.rings and self.rings[-1].stops_at is None else None


class Incidents:
    """Give it every turn in order; `all` are the incidents so far.

    `answers` is by alert: what humans did about the real incident it was part of. What never was
    an incident, and what comes back, is answered as is `usual`.
    """

    def __init__(self, answers: Mapping[int, Answers], *, usual: Answers) -> None:
        self.all: list[Foreseen] = []
        self._answers = answers
        self._usual = usual
        self._of_group: dict[str, Foreseen] = {}
        self._of_alert: dict[int, Foreseen] = {}

    def take(self, turn: Turn) -> None:
        known = self._of_alert.get(turn.alert_id)
        if turn.is_over:
            if known is not None:
                self._end(known, turn)
        elif known is not None:
            self._change(known, turn)
        elif is_calling(turn):
            self._arrive(arrival_of(turn))

    def _arrive(self, arrival: Arrival) -> None:
        group = Group(key=arrival.key, arrivals=(arrival,))
        incident = self._of_group.get(arrival.key)
        if incident is None or not self._takes(incident, arrival.at):
            incident = self._open(group)
        self._of_alert[arrival.alert_id] = incident
        incident.severities[arrival.alert_id] = arrival.severity
        incident.alerts[arrival.alert_id] = AlertState(arrival.severity, is_open=True)
        self._call(incident, arrival.urgency, arrival.at)

    def _takes(self, incident: Foreseen, at: datetime) -> bool:
        """Whether it is live, or comes back because it was resolved only minutes ago."""
        self._close_by_hand(incident, at)
        if incident.ended_at is None:
            return True
        if incident.ended_at < at - REOPEN_BY_ALERT:
            return False
        incident.ended_at = None
        incident.answers = self._usual  # what is known is about the first time
        return True

    def _open(self, group: Group) -> Foreseen:
        incident = Foreseen(
            first=group.first,
            sev=group.sev,
            urgency=group.urgency,
            service_id=group.service_id,
            team_id=group.team_id,
            policy_id=group.policy_id,
            answers=self._answers.get(group.first.alert_id, self._usual),
        )
        self._of_group[group.key] = incident
        self.all.append(incident)
        return incident

    def _call(self, incident: Foreseen, urgency: Urgency, at: datetime) -> None:
        """Start a page where none rings, or anew where it became urgent."""
        self._judge(incident)
        after = reduce(higher, (incident.urgency, urgency))
        is_urgent = after is not incident.urgency
        incident.urgency = after
        ring = incident.ringing
        if ring is not None and is_urgent:
            ring.stops_at, ring.why_stopped = at, URGENT
        elif ring is not None:
            return
        severity = loudness(incident.sev)
        incident.rings.append(
            Ring(at=at, urgency=after, severity=severity, answers=incident.answers)
        )

    def _change(self, incident: Foreseen, turn: Turn) -> None:
        if incident.ended_at is not None:
            return
        incident.alerts[turn.alert_id] = AlertState(Severity(turn.severity), is_open=True)
        if turn.held_by:
            incident.held.add(turn.alert_id)
        else:
            incident.held.discard(turn.alert_id)
        if is_calling(turn):
            self._call(incident, urgency_now(turn), turn.at)
            return
        self._judge(incident)
        ring = incident.ringing
        if ring is not None and incident.alerts.keys() <= incident.held:
            ring.stops_at, ring.why_stopped = turn.at, HELD

    def _end(self, incident: Foreseen, turn: Turn) -> None:
        del self._of_alert[turn.alert_id]
        state = incident.alerts.pop(turn.alert_id, None)
        incident.held.discard(turn.alert_id)
        self._close_by_hand(incident, turn.at)
        if state is None or incident.ended_at is not None:
            return
        self._judge(incident)
        left = [*incident.alerts.values(), AlertState(state.severity, is_open=False)]
        if resolves_itself(declared_by_person=False, alerts=left):
            self._close(incident, turn.at, OVER)

    def _close_by_hand(self, incident: Foreseen, now: datetime) -> None:
        after = incident.answers.resolved_after
        if incident.ended_at is None and after is not None:
            at = incident.opened_at + after
            if at <= now:
                self._close(incident, at, CLOSED)

    def _close(self, incident: Foreseen, at: datetime, why: str) -> None:
        incident.ended_at = at
        if (ring := incident.ringing) is not None:
            ring.stops_at, ring.why_stopped = max(at, ring.at), why

    def _judge(self, incident: Foreseen) -> None:
        incident.sev = incident_severity(
            incident.sev,
            set_by_person=False,
            alerts=incident.alerts.values(),
            environment=Environment(incident.first.environment),
        )

    def finish(self, until: datetime) -> None:
        """Take the answers that came after the last turn."""
        for incident in self.all:
            self._close_by_hand(incident, until)


def usual(known: Mapping[int, Answers], *, otherwise: timedelta) -> Answers:
    """Somebody answers after the median of the times it took; `otherwise` when none is known."""
    each = {id(one): one.answered_after for one in known.values()}.values()  # once an incident
    times = sorted(after for after in each if after is not None)
    return Answers(answered_after=times[len(times) // 2] if times else otherwise)
