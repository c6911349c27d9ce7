"""Facts of rollouts. What is measured each second is no fact; what was decided from it is."""

from dataclasses import dataclass, field
from typing import Any, TypedDict, override

from evenfall.platform.events import Event


class RolloutFields(TypedDict):
    """What all facts of a rollout share."""

    rollout_id: int
    service_id: int
    environment: str
    version: str
    stable_version: str
    passage_id: int | None


@dataclass(frozen=True, kw_only=True)
class _AboutRollout(Event):
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


@dataclass(frozen=True, kw_only=True)
class RolloutStarted(_AboutRollout):
    """Somebody asked for it; `strategy` is canary or blue_green, or return: all traffic back to a
    version that was proven, for that `reason`.
    """

    kind = "rollouts.started"
    strategy: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class RolloutAdvanced(_AboutRollout):
    """`step` (from 0) has begun; the new side shall have `weight` per cent. `why` is a word."""

    kind = "rollouts.advanced"
    step: int
    weight: int
    why: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class RolloutHolds(_AboutRollout):
    """It goes on by a person only, or when there is data; `reason` is what it waits for."""

    kind = "rollouts.holds"
    why: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class RolloutPromoted(_AboutRollout):
    """All traffic shall go to the new side."""

    kind = "rollouts.promoted"
    why: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class RolloutWatched(_AboutRollout):
    """All traffic was seen on the new side; a failure within `watch_s` seconds leads back."""

    kind = "rollouts.watched"
    watch_s: int


@dataclass(frozen=True, kw_only=True)
class RolloutProven(_AboutRollout):
    """The watch is over: this version is what a later rollout goes back to."""

    kind = "rollouts.proven"
    why: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class RolloutTurnedBack(_AboutRollout):
    """It was decided that all traffic goes back; `weight` is what the new side had till now.

    `outcome` is rolled_back (a verdict, a failed deploy, a switch that did not come about), aborted
    (a person) or superseded (another version).
    """

    kind = "rollouts.turned_back"
    outcome: str
    weight: int
    why: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class RolloutReturned(_AboutRollout):
    """All traffic was seen on the stable side, `took_s` seconds after the decision."""

    kind = "rollouts.returned"
    outcome: str
    took_s: float


@dataclass(frozen=True, kw_only=True)
class RolloutFrozen(_AboutRollout):
    """It failed, and a migration cannot be taken back: weights stay, people are called."""

    kind = "rollouts.frozen"
    weight: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class RolloutWished(_AboutRollout):
    """A person asked for something: next, promote, abort, hold or resume."""

    kind = "rollouts.wished"
    wish: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class RolloutTroubled(_AboutRollout):
    """A port does not do what it should; what moves traffic is tried again each second."""

    kind = "rollouts.troubled"
    trouble: str
    state: str


@dataclass(frozen=True, kw_only=True)
class TargetChanged(Event):
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


@dataclass(frozen=True, kw_only=True)
class AnalysisChanged(Event):
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
