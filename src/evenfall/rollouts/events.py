"""Facts of rollouts. What is measured each second is no fact; what was decided from it is."""

from typing import Any, TypedDict, override

from msgspec import field

from evenfall.platform.events import Event


class RolloutFields(TypedDict):
    """What all facts of a rollout share."""

    rollout_id: int
    service_id: int
    environment: str
    version: str
    stable_version: str
    passage_id: int | None


class _AboutRollout(Event, frozen=True, kw_only=True):
    """`version` is on its way; `stable_version` is what served before, "" where nobody knows.

    `passage_id` is that of the release which it brings, None where nobody registered one.
    """

    rollout_id: int
    service_id: int
    environment: str
    version: str
    stable_version: str = ""
    passage_id: int | None = None

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"rollout:{self.rollout_id}", f"service:{self.service_id}", "rollouts")


class RolloutStarted(_AboutRollout, frozen=True, kw_only=True):
    """Somebody asked for it; `strategy` is canary or blue_green, or return: all traffic back to a
    version that was proven, for that `reason`.
    """

    kind = "rollouts.started"
    strategy: str
    reason: str = ""


class RolloutAdvanced(_AboutRollout, frozen=True, kw_only=True):
    """`step` (from 0) has begun; the new side shall have `weight` per cent. `why` is a word."""

    kind = "rollouts.advanced"
    step: int
    weight: int
    why: str
    reason: str


class RolloutHolds(_AboutRollout, frozen=True, kw_only=True):
    """It goes on by a person only, or when there is data; `reason` is what it waits for."""

    kind = "rollouts.holds"
    why: str
    reason: str


class RolloutPromoted(_AboutRollout, frozen=True, kw_only=True):
    """All traffic shall go to the new side."""

    kind = "rollouts.promoted"
    why: str
    reason: str


class RolloutWatched(_AboutRollout, frozen=True, kw_only=True):
    """All traffic was seen on the new side; a failure within `watch_s` seconds leads back."""

    kind = "rollouts.watched"
    watch_s: int


class RolloutProven(_AboutRollout, frozen=True, kw_only=True):
    """The watch is over: this version is what a later rollout goes back to."""

    kind = "rollouts.proven"
    why: str
    reason: str


class RolloutTurnedBack(_AboutRollout, frozen=True, kw_only=True):
    """It was decided that all traffic goes back; `weight` is what the new side had till now.

    `outcome` is rolled_back (a verdict, a failed deploy, a switch that did not come about), aborted
    (a person) or superseded (another version).
    """

    kind = "rollouts.turned_back"
    outcome: str
    weight: int
    why: str
    reason: str


class RolloutReturned(_AboutRollout, frozen=True, kw_only=True):
    """All traffic was seen on the stable side, `took_s` seconds after the decision."""

    kind = "rollouts.returned"
    outcome: str
    took_s: float


class RolloutFrozen(_AboutRollout, frozen=True, kw_only=True):
    """It failed, and a migration cannot be taken back: weights stay, people are called."""

    kind = "rollouts.frozen"
    weight: int
    reason: str


class RolloutWished(_AboutRollout, frozen=True, kw_only=True):
    """A person asked for something: next, promote, abort, hold or resume."""

    kind = "rollouts.wished"
    wish: str
    reason: str = ""


class RolloutTroubled(_AboutRollout, frozen=True, kw_only=True):
    """A port does not do what it should; what moves traffic is tried again each second."""

    kind = "rollouts.troubled"
    trouble: str
    state: str


class TargetChanged(Event, frozen=True, kw_only=True):
    """Where versions of a service run was said, changed or removed. No secret is in it.

    `before` is empty for a new one, `after` for one that was removed.
    """

    kind = "rollouts.target_changed"
    target_id: int
    service_id: int
    environment: str
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"target:{self.target_id}", f"service:{self.service_id}", "rollouts")


class AnalysisChanged(Event, frozen=True, kw_only=True):
    """What is measured of a target's rollouts was changed; `name` is "" for the usual analysis.

    `before` and `after` have what differs; `after` is empty where it was removed.
    """

    kind = "rollouts.analysis_changed"
    target_id: int
    service_id: int
    name: str
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"target:{self.target_id}", f"service:{self.service_id}", "rollouts")
