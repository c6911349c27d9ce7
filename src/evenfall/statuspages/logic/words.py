"""The words of status pages; their values are stored and part of the API."""

from enum import StrEnum
from typing import Final


class Status(StrEnum):
    """How a component is; the worst come last."""

    UNKNOWN = "unknown"
    OPERATIONAL = "operational"
    MAINTENANCE = "maintenance"
    DEGRADED = "degraded"
    PARTIAL = "partial_outage"
    MAJOR = "major_outage"

    @property
    def rank(self) -> int:
        return tuple(Status).index(self)

    @property
    def label(self) -> str:
        return _STATUS_LABELS[self]

    @property
    def tone(self) -> str:
        """The tone and icon of the design system."""
        return _TONES[self][0]

    @property
    def icon(self) -> str:
        return _TONES[self][1]


_STATUS_LABELS: Final = {
    Status.UNKNOWN: "No data",
    Status.OPERATIONAL: "Operational",
    Status.MAINTENANCE: "Maintenance",
    Status.DEGRADED: "Degraded",
    Status.PARTIAL: "Partial outage",
    Status.MAJOR: "Major outage",
}
_TONES: Final = {
    Status.UNKNOWN: ("", "quiet"),
    Status.OPERATIONAL: ("good", "good"),
    Status.MAINTENANCE: ("info", "maintenance"),
    Status.DEGRADED: ("warning", "warning"),
    Status.PARTIAL: ("error", "error"),
    Status.MAJOR: ("critical", "critical"),
}
AFFECTED: Final = (Status.DEGRADED, Status.PARTIAL, Status.MAJOR)
"""What a post can say of a component, besides operational."""
BY_HAND: Final = (Status.OPERATIONAL, *AFFECTED, Status.UNKNOWN)


def worst(statuses: "list[Status]") -> Status:
    """The worst of some statuses; of none, that nothing is known."""
    return max(statuses, key=lambda status: status.rank, default=Status.UNKNOWN)


class Source(StrEnum):
    """Who says how a component is. The worst that any of them says is shown."""

    MANUAL = "manual"
    INCIDENT = "incident"
    MAINTENANCE = "maintenance"


class Visibility(StrEnum):
    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    TOKEN = "token"  # noqa: S105 - a word of the page's settings, not a secret


class Collapsed(StrEnum):
    """Whether a group shows its components at first."""

    OPEN = "open"
    CLOSED = "closed"
    UNLESS_TROUBLE = "unless_trouble"


class PostState(StrEnum):
    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"


class Impact(StrEnum):
    NONE = "none"
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


class WorkState(StrEnum):
    """Where a maintenance is."""

    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    VERIFYING = "verifying"
    COMPLETED = "completed"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


OVER: Final = (WorkState.COMPLETED, WorkState.CANCELLED)
RUNNING: Final = (WorkState.IN_PROGRESS, WorkState.VERIFYING)


class Told(StrEnum):
    """What a line about a maintenance tells."""

    PLANNED = "planned"
    CHANGED = "changed"
    STARTED = "started"
    VERIFYING = "verifying"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    NOTE = "note"


_IMPACTS: Final = {
    Status.MAJOR: Impact.CRITICAL,
    Status.PARTIAL: Impact.MAJOR,
    Status.DEGRADED: Impact.MINOR,
}


def impact_of(statuses: "list[Status]") -> Impact:
    """How much a post matters, by the worst it says of a component."""
    return _IMPACTS.get(worst(statuses), Impact.NONE)


class Settled(StrEnum):
    """Why a prepared post waits for nobody any more."""

    POSTED = "posted"
    DROPPED = "dropped"
    BY_HAND = "by_hand"
    ENDED = "ended"
    MERGED = "merged"
    PRIVATE = "private"
    MILDER = "milder"

    @property
    def label(self) -> str:
        return _SETTLED[self]


_SETTLED: Final = {
    Settled.POSTED: "It was posted",
    Settled.DROPPED: "It was dropped",
    Settled.BY_HAND: "Somebody posted about the incident by hand",
    Settled.ENDED: "The incident is over",
    Settled.MERGED: "The incident was merged into another one",
    Settled.PRIVATE: "The incident is private",
    Settled.MILDER: "The incident is less severe than the page asks for",
}
COMES_BACK: Final = (Settled.ENDED, Settled.PRIVATE, Settled.MILDER)
"""After these it is prepared again: the incident comes back, is open to all again, gets worse."""
