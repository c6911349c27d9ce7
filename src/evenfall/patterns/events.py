"""Facts about patterns; `pattern:5` is also its live topic, as are its incidents."""

from typing import ClassVar, override

from evenfall.platform.events import Event

LIVE_TOPIC = "patterns"


class PatternEvent(Event, frozen=True, kw_only=True):
    """Root of the facts about one pattern; `incident_id` where an incident shows it."""

    pattern_id: int
    title: str
    incident_id: int | None = None

    @override
    def subjects(self) -> tuple[str, ...]:
        mine = (f"pattern:{self.pattern_id}", LIVE_TOPIC)
        return mine if self.incident_id is None else (*mine, f"incident:{self.incident_id}")


class PatternRaised(PatternEvent, frozen=True, kw_only=True):
    """A sign that a problem comes back: `sign` is often, not_mended or escaped, `text` says how."""

    kind: ClassVar[str] = "patterns.pattern_raised"
    sign: str
    text: str
    user_ids: tuple[int, ...] = ()
    item_id: int | None = None


class IncidentJoinedPattern(PatternEvent, frozen=True, kw_only=True):
    """An incident belongs to it; `by_itself` when nobody said so yet."""

    kind: ClassVar[str] = "patterns.incident_joined"
    by_itself: bool = False


class IncidentLeftPattern(PatternEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "patterns.incident_left"


class PatternsMerged(PatternEvent, frozen=True, kw_only=True):
    """The pattern `from_id` became part of this one."""

    kind: ClassVar[str] = "patterns.patterns_merged"
    from_id: int

    @override
    def subjects(self) -> tuple[str, ...]:
        return (*super().subjects(), f"pattern:{self.from_id}")


class PatternMoved(PatternEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "patterns.pattern_moved"
    before: str
    after: str
    reason: str = ""


class PatternChanged(PatternEvent, frozen=True, kw_only=True):
    """Title, owner, team or note are others now."""

    kind: ClassVar[str] = "patterns.pattern_changed"
    before: dict[str, object]
    after: dict[str, object]


class PatternDismissed(PatternEvent, frozen=True, kw_only=True):
    """It was none: its incidents are not one problem."""

    kind: ClassVar[str] = "patterns.pattern_dismissed"
    reason: str = ""


class PairJudged(Event, frozen=True, kw_only=True):
    """Somebody said whether two incidents are one problem: `verdict` is same or different."""

    kind: ClassVar[str] = "patterns.pair_judged"
    incident_id: int
    other_id: int
    verdict: str

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"incident:{self.incident_id}", f"incident:{self.other_id}")
