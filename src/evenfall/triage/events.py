"""Facts of triage. Subjects: the item, its team, and the live topic "triage"."""

from collections.abc import Mapping
from typing import Any, ClassVar, override

from msgspec import field

from evenfall.platform.events import Event

LIVE_TOPIC = "triage"


class _AboutItem(Event, frozen=True, kw_only=True):
    item_id: int
    team_id: int
    title: str

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"item:{self.item_id}", f"team:{self.team_id}", LIVE_TOPIC)


class ItemReported(_AboutItem, frozen=True, kw_only=True):
    """Something that can wait came in; `alert_id` where an alert made it."""

    kind: ClassVar[str] = "triage.item_reported"
    priority: str
    source: str
    alert_id: int | None = None


class ItemMoved(_AboutItem, frozen=True, kw_only=True):
    """`what` happened to it (accepted, paused, done, …); `state` is where it is now.

    `original_id` is what it is a duplicate of.
    """

    kind: ClassVar[str] = "triage.item_moved"
    what: str
    state: str
    reason: str = ""
    original_id: int | None = None


class ItemChanged(_AboutItem, frozen=True, kw_only=True):
    """What is known of it, its priority or its place in the queue changed."""

    kind: ClassVar[str] = "triage.item_changed"
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


class PromiseAtRisk(_AboutItem, frozen=True, kw_only=True):
    """So many percent of a target are used; 100 means the promise is broken."""

    kind: ClassVar[str] = "triage.promise_at_risk"
    clock: str
    percent: int


class CapacityExceeded(Event, frozen=True, kw_only=True):
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


class _Setting(Event, frozen=True, kw_only=True):
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


class CalendarChanged(_Setting, frozen=True, kw_only=True):
    """Business hours have another version from now on."""

    kind: ClassVar[str] = "triage.calendar_changed"
    calendar_id: int
    name: str

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"calendar:{self.calendar_id}", LIVE_TOPIC)


class TargetsChanged(_Setting, frozen=True, kw_only=True):
    """Other things are promised for a priority, to whatever is reported from now on."""

    kind: ClassVar[str] = "triage.targets_changed"
    priority: str

    @override
    def subjects(self) -> tuple[str, ...]:
        return ("targets", LIVE_TOPIC)


class TeamReviewChanged(_Setting, frozen=True, kw_only=True):
    """How a team reviews: its calendar, limits, or its open form. Never holds a secret."""

    kind: ClassVar[str] = "triage.team_review_changed"
    team_id: int

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"team:{self.team_id}", LIVE_TOPIC)
