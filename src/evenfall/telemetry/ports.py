"""The port for servers that answer queries about metrics: one `MetricKind` for each language.

`integrations/<kind>/` implements a kind and registers it. Everything above asks through
`telemetry.actions.read_metrics`, which knows the sources and their credentials.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from msgspec import Struct, field

from evenfall.telemetry.errors import SourceKindUnknown


class Sample(Struct, frozen=True, kw_only=True):
    """One value; NaN and infinities are possible, as the server gave them."""

    at: datetime
    value: float


class Series(Struct, frozen=True, kw_only=True):
    """The samples of one label set, oldest first."""

    labels: Mapping[str, str]
    samples: tuple[Sample, ...]

    @property
    def last(self) -> float:
        return self.samples[-1].value


class Query(Struct, frozen=True, kw_only=True):
    """A query ready to be asked: all `$names` are filled in.

    Without `start` it is asked for the instant `at` and each series has one sample; with it for
    every `step` from `start` to `at`.
    """

    text: str
    at: datetime
    start: datetime | None = None
    step: timedelta = timedelta(minutes=1)


class Answer(Struct, frozen=True, kw_only=True):
    """What came back. `problem` says why nothing did; empty series without one are an answer too.

    `is_away` says that the server could not be reached or failed, so that it is no fault of the
    query. `warnings` are the server's own words about an answer that it gave nevertheless.
    """

    series: Sequence[Series] = ()
    problem: str = ""
    is_away: bool = False
    warnings: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether there is anything to go by: no answer and an empty one are both unknown."""
        return not self.problem and bool(self.series)


class Access(Struct, frozen=True, kw_only=True):
    """How a server is reached. `headers` carry secrets: never logged, never shown.

    `authority` (PEM) is the only one trusted where given.
    """

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    authority: str = ""


class MetricKind(Protocol):
    """One language of metrics. `name` is stored with each source, so it never changes."""

    @property
    def name(self) -> str: ...

    @property
    def label(self) -> str: ...

    def check(self, text: str) -> None:
        """Raise QueryInvalid, which says what is wrong and where; `$names` may stand anywhere
        a value may.
        """
        ...

    def fill(self, text: str, values: Mapping[str, str]) -> str:
        """Put in the values, safe for where they stand; raises QueryInvalid for one that lacks."""
        ...

    async def read(self, access: Access, query: Query, *, time_limit_s: float) -> Answer:
        """Ask; never raises for what the server or the network does, `problem` tells it."""
        ...

    async def about(self, access: Access, *, time_limit_s: float) -> str:
        """Return what the server says of itself, such as its version; raises OutgoingFailed."""
        ...


_kinds: dict[str, MetricKind] = {}


def register_metric_kind(new: MetricKind) -> None:
    """Make a kind known under its name; registering a name again replaces it."""
    _kinds[new.name] = new


def metric_kind(name: str) -> MetricKind:
    """Return the kind a source was stored with; raises SourceKindUnknown."""
    try:
        return _kinds[name]
    except KeyError:
        raise SourceKindUnknown(kind=name) from None


def metric_kinds() -> dict[str, str]:
    """The labels of all kinds by name."""
    return {name: kind.label for name, kind in sorted(_kinds.items())}
