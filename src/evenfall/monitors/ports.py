"""Words of monitors that others speak too, and the ports of what looks for them.

`integrations/<kind>/` implements a `ProbeKind` and registers it. Who knows what was declared of our
own configuration registers how to compare it.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

from evenfall.monitors.errors import KindUnknown
from evenfall.monitors.logic.drift import Difference
from evenfall.monitors.logic.fields import Field, FieldType, Flaw
from evenfall.monitors.logic.inside import INSIDE
from evenfall.monitors.logic.looks import Look, Result, State, Usual
from evenfall.platform.pacing import Pace

__all__ = [
    "PACE",
    "Compare",
    "Difference",
    "Field",
    "FieldType",
    "Flaw",
    "Kind",
    "Look",
    "ProbeKind",
    "Result",
    "State",
    "Usual",
    "configuration_compared",
    "kind",
    "kinds",
    "probe_kind",
    "probe_kinds",
    "register_configuration",
    "register_probe_kind",
]

PACE: Final = Pace(most=60, per=timedelta(minutes=1))
"""Of what is told, for each key or name: a job that tells more is a loop gone wrong."""


class Kind(Protocol):
    """A kind of monitor: what it asks for, and whether that can work.

    `settings` has a text for each of `fields` ("" where nothing was given), secrets in plain text.
    """

    @property
    def name(self) -> str:
        """Stable and unique, such as "http": it is stored."""

    @property
    def label(self) -> str:
        """What people choose, such as "HTTP address"."""

    @property
    def about(self) -> str:
        """What it is for, in a sentence."""

    @property
    def fields(self) -> Sequence[Field]:
        """What is asked for, in order."""

    @property
    def usual(self) -> Usual:
        """How often it looks and how much it takes, unless somebody wants it otherwise."""

    def check(self, settings: Mapping[str, str]) -> None:
        """Raise `Flaw` with the name of the field when these cannot work.

        Required fields are there and types are right already. Quick, and touches nothing.
        """

    def target(self, settings: Mapping[str, str]) -> str:
        """What it looks at, in a few words, such as "db1:5432"; no secrets."""


class ProbeKind(Kind, Protocol):
    """A way to look at something outside. Nothing here may read or write the database."""

    async def look(
        self, settings: Mapping[str, str], *, now: datetime, time_limit_s: float
    ) -> Look:
        """Look once, beside many others in one event loop.

        Never raises for what the other side or the network does. It is given up shortly after the
        limit, and that is bad. What only we could mend (a forbidden address) is unknown.
        """


_kinds: dict[str, ProbeKind] = {}


def register_probe_kind(kind: ProbeKind) -> None:
    """Offer a kind. Called by the composition root; the last one of a name counts."""
    _kinds[kind.name] = kind


def probe_kinds() -> tuple[ProbeKind, ...]:
    """All kinds, in the order in which they were registered."""
    return tuple(_kinds.values())


def probe_kind(name: str) -> ProbeKind | None:
    """The kind of this name; None where this installation does not offer it."""
    return _kinds.get(name)


def kinds() -> tuple[Kind, ...]:
    """All kinds: those that look outside, then those that are told or ask."""
    return (*probe_kinds(), *INSIDE)


def kind(name: str) -> Kind:
    """The kind of this name; raises `KindUnknown` where this installation does not offer it."""
    found = {one.name: one for one in kinds()}.get(name)
    if found is None:
        raise KindUnknown(kind=name[:40])
    return found


type Compare = Callable[[str, datetime], Sequence[Difference] | None]
"""How our own configuration differs from the bundle of this name, "" for all bundles, at a time.

None where nothing was applied under that name. Paths only: values are for those who may configure.
"""
_configuration: list[Compare] = []


def register_configuration(compare: Compare) -> None:
    """Called by the composition root; the last one counts."""
    _configuration[:] = [compare]


def configuration_compared(bundle: str, now: datetime) -> Sequence[Difference] | None:
    """See `Compare`; None where this installation compares nothing."""
    return _configuration[0](bundle, now) if _configuration else None
