"""Facts about incidents themselves. `incident:17` is also the live topic of each."""

from datetime import datetime
from typing import ClassVar, override

from evenfall.platform.events import Event


class IncidentEvent(Event, frozen=True, kw_only=True):
    """Root of the facts of this domain: about one incident, and about the service it hits."""

    incident_id: int
    service_id: int | None = None

    @override
    def subjects(self) -> tuple[str, ...]:
        mine = f"incident:{self.incident_id}"
        return (mine,) if self.service_id is None else (mine, f"service:{self.service_id}")


class IncidentOpened(IncidentEvent, frozen=True, kw_only=True):
    """By alerts, or declared by a person (then `declared`); `severity` is SEV1 to SEV5."""

    kind: ClassVar[str] = "incidents.incident_opened"
    title: str
    severity: str
    urgency: str
    environment: str
    team_id: int | None = None
    declared: bool = False


class AlertsJoined(IncidentEvent, frozen=True, kw_only=True):
    """Alerts became part of the incident; `title` is the first one's.

    `is_caused`: they are of services that need this one, and wait for it.
    """

    kind: ClassVar[str] = "incidents.alerts_joined"
    alert_ids: tuple[int, ...]
    count: int
    title: str
    is_caused: bool = False

    @override
    def subjects(self) -> tuple[str, ...]:
        return (*super().subjects(), *(f"alert:{alert_id}" for alert_id in self.alert_ids))


class AlertsRecovered(IncidentEvent, frozen=True, kw_only=True):
    """Alerts of the incident ended; `open_count` are still open."""

    kind: ClassVar[str] = "incidents.alerts_recovered"
    count: int
    open_count: int
    title: str


class IncidentAcknowledged(IncidentEvent, frozen=True, kw_only=True):
    """Somebody has seen it; `user_id` is None when the acknowledgement came from the sender."""

    kind: ClassVar[str] = "incidents.incident_acknowledged"
    user_id: int | None = None
    seconds: float = 0.0


class IncidentMobilised(IncidentEvent, frozen=True, kw_only=True):
    """Somebody has hands on the keyboard; `seconds` since it was opened."""

    kind: ClassVar[str] = "incidents.incident_mobilised"
    user_id: int | None = None
    seconds: float = 0.0


class IncidentAlarmed(IncidentEvent, frozen=True, kw_only=True):
    """It needs a human anew; `why` is a short clause ("the acknowledgement ran out")."""

    kind: ClassVar[str] = "incidents.incident_alarmed"
    why: str


class IncidentMoved(IncidentEvent, frozen=True, kw_only=True):
    """Somebody who works on it took it from one live state to another."""

    kind: ClassVar[str] = "incidents.incident_moved"
    before: str
    after: str
    user_id: int | None = None


class IncidentPaused(IncidentEvent, frozen=True, kw_only=True):
    """The work waits for something, at the longest until `resume_by`."""

    kind: ClassVar[str] = "incidents.incident_paused"
    reason: str
    resume_by: datetime
    user_id: int | None = None


class PauseOver(IncidentEvent, frozen=True, kw_only=True):
    """The time of a pause has come; `user_id` was told (None: nobody, so it is open again)."""

    kind: ClassVar[str] = "incidents.pause_over"
    user_id: int | None = None


class IncidentDeclined(IncidentEvent, frozen=True, kw_only=True):
    """It is none, and never will be one."""

    kind: ClassVar[str] = "incidents.incident_declined"
    reason: str
    user_id: int | None = None


class IncidentResolved(IncidentEvent, frozen=True, kw_only=True):
    """It is over; `by_itself` when all its alerts ended; `seconds` since it was opened."""

    kind: ClassVar[str] = "incidents.incident_resolved"
    user_id: int | None = None
    by_itself: bool = False
    seconds: float = 0.0


class IncidentReopened(IncidentEvent, frozen=True, kw_only=True):
    """A person reopened it, or its alerts came back within minutes (`by_alert`)."""

    kind: ClassVar[str] = "incidents.incident_reopened"
    by_alert: bool = False
    why: str = ""


class AlertsTakenBack(IncidentEvent, frozen=True, kw_only=True):
    """Somebody took back that its alerts are over (`were_over`), or that somebody knows of them."""

    kind: ClassVar[str] = "incidents.alerts_taken_back"
    count: int
    were_over: bool


class IncidentSentToReview(IncidentEvent, frozen=True, kw_only=True):
    """It is over, and people want to learn from it before it is closed."""

    kind: ClassVar[str] = "incidents.incident_sent_to_review"
    user_id: int | None = None


class IncidentClosed(IncidentEvent, frozen=True, kw_only=True):
    """Nothing of it is left to do; it never opens again."""

    kind: ClassVar[str] = "incidents.incident_closed"
    user_id: int | None = None


class StampCorrected(IncidentEvent, frozen=True, kw_only=True):
    """A person says when it really was; None where it was, or is, not known."""

    kind: ClassVar[str] = "incidents.stamp_corrected"
    stamp: str
    before: datetime | None
    after: datetime | None
    why: str


class RecurrenceLinked(IncidentEvent, frozen=True, kw_only=True):
    """`of_id` came back as this one; None when that was taken back (of `before_id`)."""

    kind: ClassVar[str] = "incidents.recurrence_linked"
    of_id: int | None
    of_title: str = ""
    before_id: int | None = None

    @override
    def subjects(self) -> tuple[str, ...]:
        others = (number for number in (self.of_id, self.before_id) if number is not None)
        return (*super().subjects(), *(f"incident:{number}" for number in others))


class IncidentMerged(IncidentEvent, frozen=True, kw_only=True):
    """`incident_id` went into `into_id` and is frozen from now on."""

    kind: ClassVar[str] = "incidents.incident_merged"
    into_id: int
    title: str
    into_title: str
    alert_count: int = 0

    @override
    def subjects(self) -> tuple[str, ...]:
        return (*super().subjects(), f"incident:{self.into_id}")


class SeverityChanged(IncidentEvent, frozen=True, kw_only=True):
    """`by_person`: it stays as the person set it, whatever the alerts say."""

    kind: ClassVar[str] = "incidents.severity_changed"
    before: str
    after: str
    by_person: bool = False


class PrivacyChanged(IncidentEvent, frozen=True, kw_only=True):
    """From now on only those named see it (or everybody, where `is_private` is False)."""

    kind: ClassVar[str] = "incidents.privacy_changed"
    is_private: bool


class InsidersAdded(IncidentEvent, frozen=True, kw_only=True):
    """`who` are the names of those who may see it as well."""

    kind: ClassVar[str] = "incidents.insiders_added"
    who: str


class IncidentRenamed(IncidentEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "incidents.incident_renamed"
    before: str
    after: str
