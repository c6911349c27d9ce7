"""The ports of rollouts: who moves traffic, who puts a version there, who judges it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final, Protocol

from msgspec import Struct, field

from evenfall.rollouts.logic.guard import Counts
from evenfall.rollouts.logic.states import Deployed
from evenfall.rollouts.logic.verdicts import Outcome, Verdict
from evenfall.runbooks.ports import FieldType, StepField

__all__ = [
    "BASELINE",
    "About",
    "AlreadyThere",
    "Brake",
    "Capabilities",
    "Counts",
    "Deployed",
    "Deployer",
    "Deployment",
    "FieldType",
    "Judge",
    "Order",
    "Outcome",
    "Question",
    "Seen",
    "Split",
    "StepField",
    "TrafficPort",
    "Verdict",
    "brakes",
    "deployer",
    "deployers",
    "judges",
    "register_brake",
    "register_deployer",
    "register_judge",
    "register_traffic_port",
    "traffic_port",
    "traffic_ports",
]


BASELINE: Final = "baseline"
"""The side of fresh instances of the stable version."""


class Capabilities(Struct, frozen=True, kw_only=True):
    """What a port can. Without `weights` it leads all requests to one side or to the other.

    `counts`: it also says how many requests each side had, and how many failed, in each `Seen`.
    `warm`: the side without traffic stays ready, so that the way back is one switch.
    """

    weights: bool = True
    headers: bool = False
    mirror: bool = False
    warm: bool = True
    counts: bool = False
    baseline: bool = False
    """A third side, "baseline", may take requests beside the other two."""
    needs: Mapping[str, str] = field(default_factory=dict)
    """What can be done only where a setting is filled in: "headers" or "baseline", to its name."""


class Split(Struct, frozen=True, kw_only=True):
    """How traffic shall be: `weight` per cent to the side `new`, the rest to `stable`.

    Sides are "blue" and "green"; the settings of a port say what they are there. `routes` are
    headers with the value that leads to the new side. `is_shut`: the new side gets nothing at all,
    not even from those who stick to it.

    `beside` per cent go to the side "baseline": fresh instances of the stable version. The stable
    side has what is left. Ports without that capability never see any.
    """

    new: str
    stable: str
    weight: int
    routes: Mapping[str, str] = field(default_factory=dict)
    is_shut: bool = False
    beside: int = 0

    def share(self, side: str) -> int:
        """The per cent of a side."""
        if side == BASELINE:
            return self.beside
        return self.weight if side == self.new else 100 - self.weight - self.beside

    @property
    def weights(self) -> Mapping[str, int]:
        """The per cent of each side that may get any."""
        beside = {BASELINE: self.beside} if self.beside else {}
        return {side: self.share(side) for side in (self.new, self.stable)} | beside


class Seen(Struct, frozen=True, kw_only=True):
    """What a port shows. `fits`: it is as the split says. `words` tell people how it stands.

    `counts` are the counters of each side since whenever; empty where the port has none.
    """

    fits: bool
    words: str
    counts: Mapping[str, Counts] = field(default_factory=dict)


class TrafficPort(Protocol):
    """Leads requests to two sides.

    `check` is called while settings are saved; the others by a worker, outside of any transaction.
    They return within `time_limit_s` seconds, raise a `DomainError` whose message people read, and
    may be called again at any time with the same split: that changes nothing more.
    """

    @property
    def name(self) -> str:
        """Stable and unique: it is stored."""

    @property
    def label(self) -> str: ...

    @property
    def fields(self) -> Sequence[StepField]:
        """The settings that are asked for."""

    @property
    def capabilities(self) -> Capabilities: ...

    def check(self, settings: Mapping[str, str]) -> None:
        """Raise a platform `Invalid` with the name of the field when these cannot work."""

    def apply(self, settings: Mapping[str, str], split: Split, *, time_limit_s: float) -> Seen:
        """Make it so in as few acts as there are, and read it back."""

    def read(self, settings: Mapping[str, str], split: Split, *, time_limit_s: float) -> Seen:
        """How it stands, against this split; changes nothing."""


class Order(Struct, frozen=True, kw_only=True):
    """A version that shall run on a side: "blue", "green" or "baseline".

    `key` is the same however often it is asked for.
    """

    key: str
    service: str
    environment: str
    version: str
    side: str


class Deployment(Struct, frozen=True, kw_only=True):
    """How a deploy stands; `memory` comes back with the next look."""

    state: Deployed
    words: str = ""
    memory: Mapping[str, str] = field(default_factory=dict)


class Deployer(Protocol):
    """Puts a version on a side. `begin` may be called twice for one order, after a worker died."""

    @property
    def name(self) -> str: ...

    @property
    def label(self) -> str: ...

    @property
    def fields(self) -> Sequence[StepField]: ...

    def check(self, settings: Mapping[str, str]) -> None:
        """Raise a platform `Invalid` with the name of the field when these cannot work."""

    def begin(
        self, settings: Mapping[str, str], order: Order, *, time_limit_s: float
    ) -> Deployment:
        """Ask for it; returns soon."""

    def look(
        self,
        settings: Mapping[str, str],
        order: Order,
        memory: Mapping[str, str],
        *,
        time_limit_s: float,
    ) -> Deployment:
        """How it stands."""


class Question(Struct, frozen=True, kw_only=True):
    """What is to be judged. `since` is when the traffic of this step was seen; `analysis` names
    what the plan asks for there, "" for the usual.
    """

    rollout_id: int
    service_id: int
    environment: str
    version: str
    stable_version: str
    state: str
    step: int
    analysis: str
    since: datetime


class Judge(Protocol):
    """A lane that says how the new version does; the worst of all lanes counts."""

    def __call__(self, question: Question, *, now: datetime) -> Sequence[Verdict]:
        """Read what was measured and judge it; nothing where the lane has nothing to say.

        Called by a worker each second, outside of any transaction.
        """


class AlreadyThere:
    """Somebody else deploys, such as a pipeline, before it asks for the rollout."""

    name = "none"
    label = "Nothing: it is there already"
    fields: Sequence[StepField] = ()

    def check(self, settings: Mapping[str, str]) -> None:
        """Nothing can be wrong."""

    def begin(
        self,
        settings: Mapping[str, str],  # noqa: ARG002 - of the port
        order: Order,
        *,
        time_limit_s: float,  # noqa: ARG002 - of the port
    ) -> Deployment:
        return Deployment(state=Deployed.DONE, words=f"{order.version} was there.")

    def look(
        self,
        settings: Mapping[str, str],
        order: Order,
        memory: Mapping[str, str],  # noqa: ARG002 - of the port
        *,
        time_limit_s: float,
    ) -> Deployment:
        return self.begin(settings, order, time_limit_s=time_limit_s)


class About(Struct, frozen=True, kw_only=True):
    """Which rollout a brake is asked about."""

    service_id: int
    environment: str
    passage_id: int | None


class Brake(Protocol):
    """Says why no rollout may go forward there now, such as a stop button; "" where it may.

    Asked each second by a worker. The way back is always open.
    """

    def __call__(self, about: About, *, now: datetime) -> str: ...


_ports: dict[str, TrafficPort] = {}
_brakes: dict[str, Brake] = {}
_deployers: dict[str, Deployer] = {AlreadyThere.name: AlreadyThere()}
_judges: dict[str, Judge] = {}


def register_traffic_port(port: TrafficPort) -> None:
    """Offer a port. Called by the composition root; the last one of a name counts."""
    _ports[port.name] = port


def traffic_port(name: str) -> TrafficPort | None:
    """The port of this name; None where this installation does not offer it."""
    return _ports.get(name)


def traffic_ports() -> tuple[TrafficPort, ...]:
    """All ports, by label."""
    return tuple(sorted(_ports.values(), key=lambda one: one.label))


def register_deployer(one: Deployer) -> None:
    """Offer a way to deploy. Called by the composition root; the last one of a name counts."""
    _deployers[one.name] = one


def deployer(name: str) -> Deployer | None:
    return _deployers.get(name)


def deployers() -> tuple[Deployer, ...]:
    """All of them, by label."""
    return tuple(sorted(_deployers.values(), key=lambda one: one.label))


def register_judge(lane: str, judge: Judge) -> Callable[[], None]:
    """Add a lane; returns how to take it away. Called by the composition root."""
    _judges[lane] = judge

    def forget() -> None:
        _judges.pop(lane, None)

    return forget


def register_brake(name: str, brake: Brake) -> Callable[[], None]:
    """Add one; returns how to take it away. Called by the composition root."""
    _brakes[name] = brake

    def forget() -> None:
        _brakes.pop(name, None)

    return forget


def brakes() -> tuple[Brake, ...]:
    return tuple(_brakes.values())


def judges() -> tuple[Judge, ...]:
    return tuple(_judges.values())
