"""What a translator makes of an export: our own words, with numbers of its own for what is named.

In a draft a person, a rota and a team are *keys*: small numbers that hold inside of this draft
only. `resolving` puts the ids of this installation in their places.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from evenfall.oncall.ports import LayerSpec, OverrideSpec, WeeklyWindow
from evenfall.paging.ports import PersonRule, PolicySpec


class Severity(StrEnum):
    """How much is lost: worst first."""

    CANNOT = "cannot"
    APPROXIMATED = "approximated"
    IGNORED = "ignored"


class Finding(Struct, frozen=True, kw_only=True):
    """Something that does not come over as it was.

    `where` is the path inside the export, `about` what people call it, `todo` what to do now or "".
    """

    severity: Severity
    where: str
    about: str
    why: str
    todo: str


class PersonDraft(Struct, frozen=True, kw_only=True):
    """Somebody in the export; without an address (`email` "") nobody here can be matched."""

    key: int
    origin: str
    name: str
    email: str
    rules: tuple[PersonRule, ...] = ()


class TeamDraft(Struct, frozen=True, kw_only=True):
    key: int
    name: str


class OverrideDraft(Struct, frozen=True, kw_only=True):
    origin: str
    spec: OverrideSpec


class RotaDraft(Struct, frozen=True, kw_only=True):
    """A rota with keys for people.

    `schedule` is the origin of the other tool's schedule: one schedule that pages several people
    at once becomes several rotas.
    """

    key: int
    origin: str
    schedule: str
    name: str
    zone: ZoneInfo
    layers: tuple[LayerSpec, ...]
    description: str = ""
    team: str = ""
    overrides: tuple[OverrideDraft, ...] = ()

    @property
    def coverage(self) -> tuple[WeeklyWindow, ...]:
        """The hours in which somebody must be on call: those of the layers, if all have some."""
        if any(not layer.windows or layer.zone != self.zone for layer in self.layers):
            return ()
        return tuple(dict.fromkeys(one for layer in self.layers for one in layer.windows))


class PolicyDraft(Struct, frozen=True, kw_only=True):
    """A policy whose targets have keys where they would have ids."""

    origin: str
    name: str
    spec: PolicySpec
    description: str = ""
    team: str = ""


class Held(Struct, frozen=True, order=True):
    """Somebody (a key or an id) on call from `starts_at` until just before `ends_at`, UTC."""

    starts_at: datetime
    ends_at: datetime
    person: int


class Draft(Struct, frozen=True, kw_only=True):
    """Everything that an export comes to. `rendered` is who the other tool itself says is on
    call, by the origin of its schedule.
    """

    people: tuple[PersonDraft, ...] = ()
    teams: tuple[TeamDraft, ...] = ()
    rotas: tuple[RotaDraft, ...] = ()
    policies: tuple[PolicyDraft, ...] = ()
    findings: tuple[Finding, ...] = ()
    rendered: Mapping[str, tuple[Held, ...]] = field(default_factory=dict)


def moments(draft: Draft) -> Iterator[datetime]:
    """Every time that a draft names, naive ones too: whoever computes with it checks them first."""
    for rota in draft.rotas:
        for layer in rota.layers:
            yield layer.pattern.starts_at
        for override in rota.overrides:
            yield from (override.spec.starts_at, override.spec.ends_at)
    for spans in draft.rendered.values():
        for held in spans:
            yield from (held.starts_at, held.ends_at)
