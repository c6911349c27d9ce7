"""Facts about releases; `release:5` is also the live topic of its page."""

from dataclasses import dataclass
from typing import ClassVar, override

from evenfall.platform.events import Event

LIVE_TOPIC = "releases"


@dataclass(frozen=True, kw_only=True)
class ReleaseEvent(Event):
    """Root of the facts about one release."""

    release_id: int
    service_id: int
    version: str

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"release:{self.release_id}", f"service:{self.service_id}", LIVE_TOPIC)


@dataclass(frozen=True, kw_only=True)
class ReleaseCreated(ReleaseEvent):
    kind: ClassVar[str] = "releases.release_created"
    release_kind: str


@dataclass(frozen=True, kw_only=True)
class ReleaseChanged(ReleaseEvent):
    """Notes, plan, flags or needs are others now."""

    kind: ClassVar[str] = "releases.release_changed"
    before: dict[str, object]
    after: dict[str, object]


@dataclass(frozen=True, kw_only=True)
class PassageEvent(ReleaseEvent):
    """Root of the facts about one release in one stage."""

    passage_id: int
    stage: str
    environment: str


@dataclass(frozen=True, kw_only=True)
class PassagePlanned(PassageEvent):
    kind: ClassVar[str] = "releases.passage_planned"


@dataclass(frozen=True, kw_only=True)
class GatesAnswered(PassageEvent):
    """The gates say something else than before: `closed` are those that do not pass."""

    kind: ClassVar[str] = "releases.gates_answered"
    before: str
    after: str
    closed: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DeployBegun(PassageEvent):
    """`previous_version` ran there until now; `past_gates` names those that did not pass."""

    kind: ClassVar[str] = "releases.deploy_begun"
    previous_version: str
    past_gates: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class VersionDeployed(PassageEvent):
    kind: ClassVar[str] = "releases.version_deployed"
    previous_version: str
    change_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class VersionProven(PassageEvent):
    """The watch after the deploy is over, and it was good."""

    kind: ClassVar[str] = "releases.version_proven"


@dataclass(frozen=True, kw_only=True)
class ReleaseFailed(PassageEvent):
    kind: ClassVar[str] = "releases.release_failed"
    reason: str
    incident_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class ReleaseRolledBack(PassageEvent):
    """The version before runs there again."""

    kind: ClassVar[str] = "releases.release_rolled_back"
    to_version: str
    reason: str
    incident_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class PassageCancelled(PassageEvent):
    kind: ClassVar[str] = "releases.passage_cancelled"
    reason: str = ""
