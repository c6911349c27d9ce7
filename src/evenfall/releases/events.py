"""Facts about releases; `release:5` is also the live topic of its page."""

from typing import ClassVar, override

from evenfall.platform.events import Event

LIVE_TOPIC = "releases"


class ReleaseEvent(Event, frozen=True, kw_only=True):
    """Root of the facts about one release."""

    release_id: int
    service_id: int
    version: str

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"release:{self.release_id}", f"service:{self.service_id}", LIVE_TOPIC)


class ReleaseCreated(ReleaseEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "releases.release_created"
    release_kind: str


class ReleaseChanged(ReleaseEvent, frozen=True, kw_only=True):
    """Notes, plan, flags or needs are others now."""

    kind: ClassVar[str] = "releases.release_changed"
    before: dict[str, object]
    after: dict[str, object]


class PassageEvent(ReleaseEvent, frozen=True, kw_only=True):
    """Root of the facts about one release in one stage."""

    passage_id: int
    stage: str
    environment: str


class PassagePlanned(PassageEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "releases.passage_planned"


class DowntimePlanned(PassageEvent, frozen=True, kw_only=True):
    """A deploy is announced to take the service down for so long; 0 minutes: not any more."""

    kind: ClassVar[str] = "releases.downtime_planned"
    minutes: int
    starts_at: str
    """ISO 8601; "" for no time."""
    maintenance_id: int | None = None


class GatesAnswered(PassageEvent, frozen=True, kw_only=True):
    """The gates say something else than before: `closed` are those that do not pass."""

    kind: ClassVar[str] = "releases.gates_answered"
    before: str
    after: str
    closed: tuple[str, ...] = ()


class DeployBegun(PassageEvent, frozen=True, kw_only=True):
    """`previous_version` ran there until now; `past_gates` names those that did not pass.

    `exception_ids` are the exceptions that were used.
    """

    kind: ClassVar[str] = "releases.deploy_begun"
    previous_version: str
    past_gates: tuple[str, ...] = ()
    exception_ids: tuple[int, ...] = ()


class VersionDeployed(PassageEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "releases.version_deployed"
    previous_version: str
    change_id: int | None = None


class VersionProven(PassageEvent, frozen=True, kw_only=True):
    """The watch after the deploy is over, and it was good."""

    kind: ClassVar[str] = "releases.version_proven"


class ReleaseFailed(PassageEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "releases.release_failed"
    reason: str
    incident_id: int | None = None


class ReleaseRolledBack(PassageEvent, frozen=True, kw_only=True):
    """The version before runs there again."""

    kind: ClassVar[str] = "releases.release_rolled_back"
    to_version: str
    reason: str
    incident_id: int | None = None


class PassageCancelled(PassageEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "releases.passage_cancelled"
    reason: str = ""


class SignedOff(PassageEvent, frozen=True, kw_only=True):
    """Somebody said yes or no for a team; `is_yes` None: took it back."""

    kind: ClassVar[str] = "releases.signed_off"
    user_id: int
    team_id: int
    is_yes: bool | None
    comment: str = ""


class ItemTicked(PassageEvent, frozen=True, kw_only=True):
    """An item of the definition of done is done, or is not."""

    kind: ClassVar[str] = "releases.item_ticked"
    item: str
    is_done: bool
    text: str = ""
    link: str = ""


class ResultPushed(ReleaseEvent, frozen=True, kw_only=True):
    """A pipeline said something about a release."""

    kind: ClassVar[str] = "releases.result_pushed"
    name: str
    is_good: bool
    text: str = ""
    link: str = ""


class ExceptionEvent(PassageEvent, frozen=True, kw_only=True):
    """Root of the facts about an exception."""

    exception_id: int
    gates: tuple[str, ...]


class ExceptionAsked(ExceptionEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "releases.exception_asked"
    reason: str
    exception_kind: str


class ExceptionDecided(ExceptionEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "releases.exception_decided"
    is_signed: bool
    reason: str = ""


class ExceptionReviewed(ExceptionEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "releases.exception_reviewed"
    review: str


class HoldEvent(Event, frozen=True, kw_only=True):
    """Root of the facts about what holds releases: of a service, a team, or the whole site."""

    scope: str
    service_id: int | None = None
    team_id: int | None = None
    reason: str = ""

    @override
    def subjects(self) -> tuple[str, ...]:
        about = () if self.service_id is None else (f"service:{self.service_id}",)
        team = () if self.team_id is None else (f"team:{self.team_id}",)
        return (LIVE_TOPIC, *about, *team)


class EverythingStopped(HoldEvent, frozen=True, kw_only=True):
    """Somebody pressed the button."""

    kind: ClassVar[str] = "releases.everything_stopped"
    stop_id: int


class StopLifted(HoldEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "releases.stop_lifted"
    stop_id: int


class FreezeDeclared(HoldEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "releases.freeze_declared"
    freeze_id: int
    starts_at: str
    ends_at: str
    """Both ISO 8601 with zone."""


class FreezeLifted(HoldEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "releases.freeze_lifted"
    freeze_id: int


class WindowSaved(HoldEvent, frozen=True, kw_only=True):
    """A deployment window is new or another one; `after` is empty for one that is gone."""

    kind: ClassVar[str] = "releases.window_saved"
    window_id: int
    before: dict[str, object]
    after: dict[str, object]


class StagesSaved(HoldEvent, frozen=True, kw_only=True):
    """The way of a service, or of all services without their own, is another one."""

    kind: ClassVar[str] = "releases.stages_saved"
    before: dict[str, object]
    after: dict[str, object]


class StandardChangeMoved(HoldEvent, frozen=True, kw_only=True):
    """A standard change was asked for, approved or withdrawn: `step` says which."""

    kind: ClassVar[str] = "releases.standard_change_moved"
    standard_id: int
    name: str
    step: str


class TrainSaved(Event, frozen=True, kw_only=True):
    """Which releases go together is another thing."""

    kind: ClassVar[str] = "releases.train_saved"
    train_id: int
    name: str
    release_ids: tuple[int, ...] = ()

    @override
    def subjects(self) -> tuple[str, ...]:
        return (*(f"release:{number}" for number in self.release_ids), LIVE_TOPIC)
