"""Facts of triage. Subjects: the item, its team, and the live topic "triage"."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, override

from evenfall.platform.events import Event

LIVE_TOPIC = "triage"


@dataclass(frozen=True, kw_only=True)
class _AboutItem(Event):
    item_id: int
    team_id: int
    title: str

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"item:{self.item_id}", f"team:{self.team_id}", LIVE_TOPIC)


@dataclass(frozen=True, kw_only=True)
class ItemReported(_AboutItem):
    """Something that can wait came in; `alert_id` where an alert made it."""

    kind: ClassVar[str] = "triage.item_reported"
    priority: str
    source: str
    alert_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class ItemMoved(_AboutItem):
    """`what` happened to it (accepted, paused, done, …); `state` is where it is now.

    `original_id` is what it is a duplicate of.
    """

    kind: ClassVar[str] = "triage.item_moved"
    what: str
    state: str
    reason: str = ""
    original_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class ItemChanged(_AboutItem):
    """What is known of it, its priority or its place in the queue changed."""

    kind: ClassVar[str] = "triage.item_changed"
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PromiseAtRisk(_AboutItem):
    """So many percent of a target are used; 100 means the promise is broken."""

    kind: ClassVar[str] = "triage.promise_at_risk"
    clock: str
    percent: int


@dataclass(frozen=True, kw_only=True)
class CapacityExceeded(Event):
    """For so many `weeks` in a row more urgent work came in than the team has hours for.

    `monday` begins the last of them; with `missing_hours` more a week all would have fitted.
    """

    kind: ClassVar[str] = "triage.capacity_exceeded"
    team_id: int
    monday: str
    weeks: int
    missing_hours: float

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"team:{self.team_id}", LIVE_TOPIC)


@dataclass(frozen=True, kw_only=True)
class _Setting(Event):
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class CalendarChanged(_Setting):
    """Business hours have another version from now on."""

    kind: ClassVar[str] = "triage.calendar_changed"
    calendar_id: int
    name: str

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"calendar:{self.calendar_id}", LIVE_TOPIC)


@dataclass(frozen=True, kw_only=True)
class TargetsChanged(_Setting):
    """Other things are promised for a priority, to whatever is reported from now on."""

    kind: ClassVar[str] = "triage.targets_changed"
    priority: str

    @override
    def subjects(self) -> tuple[str, ...]:
        return ("targets", LIVE_TOPIC)


@dataclass(frozen=True, kw_only=True)
class TeamReviewChanged(_Setting):
    """How a team reviews: its calendar, limits, or its open form. Never holds a secret."""

    kind: ClassVar[str] = "triage.team_review_changed"
    team_id: int

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"team:{self.team_id}", LIVE_TOPIC)
