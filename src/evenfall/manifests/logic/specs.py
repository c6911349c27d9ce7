"""What a manifest can say: one value for each kind of thing, with references by key.

References are keys of this manifest or of what is there already: teams and services by slug,
people by address, rotas and policies by key. The defaults are those of the pages.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import force_setattr

from evenfall.alerting.ports import (
    Fallback,
    MatcherError,
    Outcome,
    Severity,
    Urgency,
    parse_matchers,
)
from evenfall.alerting.ports.recurring import RuleError, checked
from evenfall.catalog.ports import Criticality, DependencyKind, Environment
from evenfall.identity.permissions import Role
from evenfall.oncall.ports import LieutenantKind
from evenfall.paging.ports import AtEnd, TargetKind

type Key = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9][a-z0-9-]{0,79}$",
        description="Small letters, digits and hyphens; it never changes.",
    ),
]
type Email = Annotated[str, Meta(pattern=r"^[^@\s]+@[^@\s]+$", description="Somebody's address.")]
type Name = Annotated[str, Meta(min_length=1, max_length=120)]
type Text = Annotated[str, Meta(max_length=2000)]
type Clock = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="HH:MM")]
type Day = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$", description="YYYY-MM-DD")]
type Moment = Annotated[
    str, Meta(description="A time with its zone, such as 2027-03-01T22:00:00+01:00.")
]
type Reference = Annotated[
    str, Meta(pattern=r"^(env|file):.+$", description="env:NAME or file:PATH, read where applied.")
]
type Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
type Matcher = Annotated[str, Meta(min_length=1, description='For example env="prod".')]
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Spec(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Anything that stands under a key."""


def _utc(text: str) -> str:
    """The same moment in UTC, so that two ways to write it are one; what is none stays."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return text if at.tzinfo is None else at.astimezone(UTC).isoformat()


def _written(matchers: Iterable[str]) -> tuple[str, ...]:
    """Each matcher as we write it; what cannot be read stays and is refused later."""
    try:
        return tuple(str(one) for text in matchers for one in parse_matchers(text))
    except MatcherError:
        return tuple(matchers)


class Team(Spec, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A team. Without `members` its people are left as they are."""

    name: Name
    description: Text = ""
    members: dict[Email, Role] | None = None


class Service(Spec, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A service of the catalog."""

    name: Name
    team: Key
    tier: Annotated[int, Meta(ge=1, le=4)] = 2
    criticality: Criticality = Criticality.MEDIUM
    environments: Annotated[tuple[Environment, ...], Meta(min_length=1)] = (Environment.PROD,)
    description: Text = ""
    runbook_url: str = ""
    dashboard_url: str = ""
    repository_url: str = ""
    contact: str = ""

    def __post_init__(self) -> None:
        """Write what means the same in the same way."""
        known = tuple(one for one in Environment if one in self.environments)
        force_setattr(self, "environments", known)


class Dependencies(Spec, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one service needs: the other one's key, and how much."""

    needs: dict[Key, DependencyKind] = {}


class WeekSpan(Spec, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of every week on the wall of the zone; an end before the start is in the next week."""

    from_day: Weekday
    from_time: Clock
    until_day: Weekday
    until_time: Clock


class Member(Spec, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A place in the order of a layer; without a person it leaves a gap."""

    person: Email | None = None
    joins_on: Day | None = None
    leaves_on: Day | None = None


class Layer(Spec, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rotation: shifts of these lengths, in hours, one after the other for ever."""

    name: Name
    time_zone: str
    starts_on: Day
    hands_over_at: Clock = "09:00"
    shift_hours: Annotated[tuple[int, ...], Meta(min_length=1)] = (168,)
    members: Annotated[tuple[Member, ...], Meta(min_length=1)]
    windows: tuple[WeekSpan, ...] = ()


class Lieutenant(Spec, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who backs up whoever is on call."""

    kind: LieutenantKind = LieutenantKind.NOBODY
    person: Email | None = None
    layers: tuple[Layer, ...] = ()
    spares_previous: bool = False


class Rota(Spec, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is on call. Overrides, swaps and absences are people's own and not said here."""

    name: Name
    team: Key
    description: Text = ""
    time_zone: str
    coverage: tuple[WeekSpan, ...] = ()
    layers: Annotated[tuple[Layer, ...], Meta(min_length=1)]
    lieutenant: Lieutenant = Lieutenant()
    shadows: tuple[Layer, ...] = ()


class Target(Spec, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom to page. A rota, team or person by key; without one, that of the page itself."""

    kind: TargetKind
    of: str | None = None


class PolicyWindow(Spec, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Local time in the zone; an end not after the start is on the next day."""

    zone: str
    days: Annotated[tuple[Weekday, ...], Meta(min_length=1)]
    start: Clock
    end: Clock

    def __post_init__(self) -> None:
        """Write what means the same in the same way."""
        force_setattr(self, "days", tuple(sorted({*self.days}, key=WEEKDAYS.index)))


class Step(Spec, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All targets are paged at once; after the delay the next step is taken."""

    targets: Annotated[tuple[Target, ...], Meta(min_length=1)]
    delay_minutes: int = 5
    severities: tuple[Severity, ...] = ()
    window: PolicyWindow | None = None

    def __post_init__(self) -> None:
        """Write what means the same in the same way."""
        force_setattr(self, "severities", tuple(sorted({*self.severities})))


class UsedBy(Spec, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which services and teams page by a policy."""

    services: tuple[Key, ...] = ()
    teams: tuple[Key, ...] = ()

    def __post_init__(self) -> None:
        """Write what means the same in the same way."""
        force_setattr(self, "services", tuple(sorted({*self.services})))
        force_setattr(self, "teams", tuple(sorted({*self.teams})))


class Policy(Spec, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An escalation policy. Without `used_by` the assignments are left as they are."""

    name: Name
    team: Key | None = None
    description: Text = ""
    steps: Annotated[tuple[Step, ...], Meta(min_length=1)]
    rounds: int = 3
    at_end: AtEnd = AtEnd.CATCH_ALL
    catch_all: Email | None = None
    ack_timeout_minutes: int = 30
    used_by: UsedBy | None = None


class Integration(Spec, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a tool sends to. Neither its key nor its secret ever stands in a file.

    `key` and `secret` name where they are read when it is applied: `env:NAME` or `file:PATH`.
    Without `key` there is a new one, which is shown once.
    """

    name: Name
    kind: str
    service: Key | None = None
    team: Key | None = None
    environment: str = ""
    mapping: dict[str, Any] = {}
    key: Reference | None = None
    secret: Reference | None = None
    is_enabled: bool = True


class Effects(Spec, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a rule decides; what is left out stays with the alert and the defaults."""

    outcome: Outcome | None = None
    urgency: Urgency | None = None
    severity: Severity | None = None
    service: Key | None = None
    policy: Key | None = None
    runbook: str | None = None
    clear_within_seconds: Annotated[int, Meta(ge=0)] | None = None
    fallback: Fallback | None = None
    group_by: tuple[str, ...] | None = None
    group_window_seconds: Annotated[int, Meta(ge=0)] | None = None
    wait_seconds: Annotated[int, Meta(ge=0, le=3600)] | None = None


class Rule(Spec, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A routing rule; the first whose condition holds decides."""

    name: Name
    when: Annotated[str, Meta(max_length=2000)] = "true"
    then: Effects = Effects()
    is_enabled: bool = True


class Rules(Spec, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All routing rules in their order, and what becomes of everything else."""

    ordered: tuple[Rule, ...] = ()
    otherwise: Effects = Effects()


class Inhibition(Spec, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """While a source is open, each target with the same labels waits."""

    name: Name
    source: Annotated[tuple[Matcher, ...], Meta(min_length=1)]
    target: Annotated[tuple[Matcher, ...], Meta(min_length=1)]
    equal: tuple[str, ...] = ()
    is_enabled: bool = True

    def __post_init__(self) -> None:
        """Write what means the same in the same way."""
        force_setattr(self, "source", _written(self.source))
        force_setattr(self, "target", _written(self.target))
        force_setattr(self, "equal", tuple(sorted({*self.equal})))


class Silence(Spec, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Quiet for what all the matchers match, from one time until another."""

    matchers: Annotated[tuple[Matcher, ...], Meta(min_length=1)]
    starts_at: Moment
    ends_at: Moment
    comment: Annotated[str, Meta(max_length=500)] = ""

    def __post_init__(self) -> None:
        """Write what means the same in the same way."""
        force_setattr(self, "matchers", _written(self.matchers))
        force_setattr(self, "starts_at", _utc(self.starts_at))
        force_setattr(self, "ends_at", _utc(self.ends_at))


class Maintenance(Spec, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Planned work, once: what is in its scope pages nobody while it lasts.

    Without services or environments all of them are in its scope.
    """

    name: Name
    starts_at: Moment
    ends_at: Moment
    services: tuple[Key, ...] = ()
    environments: tuple[Environment, ...] = ()
    matchers: tuple[Matcher, ...] = ()

    def __post_init__(self) -> None:
        """Write what means the same in the same way."""
        force_setattr(self, "starts_at", _utc(self.starts_at))
        force_setattr(self, "ends_at", _utc(self.ends_at))
        _write_scope(self)


class RecurringMaintenance(Spec, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Planned work that comes back by a rule of RFC 5545, on the wall of the zone.

    The first time is not before `begins_on`, the last begins on `last_on` at the latest.
    """

    name: Name
    rule: Annotated[str, Meta(max_length=300, description="Such as FREQ=WEEKLY;BYDAY=SU.")]
    begins_on: Day
    begins_at: Clock
    length_minutes: Annotated[int, Meta(ge=1, le=7 * 24 * 60)]
    time_zone: str
    exceptions: tuple[Day, ...] = ()
    last_on: Day | None = None
    services: tuple[Key, ...] = ()
    environments: tuple[Environment, ...] = ()
    matchers: tuple[Matcher, ...] = ()

    def __post_init__(self) -> None:
        """Write what means the same in the same way."""
        force_setattr(self, "rule", _rule(self.rule))
        force_setattr(self, "exceptions", tuple(sorted({*self.exceptions})))
        _write_scope(self)


def _write_scope(said: Maintenance | RecurringMaintenance) -> None:
    known = tuple(one for one in Environment if one in said.environments)
    force_setattr(said, "services", tuple(sorted({*said.services})))
    force_setattr(said, "environments", known)
    force_setattr(said, "matchers", _written(said.matchers))


def _rule(text: str) -> str:
    """The rule as it is kept; what cannot be read stays and is refused later."""
    try:
        return checked(text)
    except RuleError:
        return text


KINDS: Final[dict[str, type[Spec]]] = {
    "teams": Team,
    "services": Service,
    "dependencies": Dependencies,
    "rotas": Rota,
    "policies": Policy,
    "integrations": Integration,
    "rules": Rules,
    "inhibitions": Inhibition,
    "silences": Silence,
    "maintenance": Maintenance,
    "recurring_maintenance": RecurringMaintenance,
}
"""In the order in which they can be made: whatever is named stands before what names it."""

RULES_KEY: Final = "all"
"""The rules are one ordered list, so they are one thing with this key."""


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a manifest file, for editors."""
    (refs, parts) = msgspec.json.schema_components(
        list(KINDS.values()), ref_template="#/$defs/{name}"
    )
    sections = {
        kind: ref if kind == "rules" else {"type": "object", "additionalProperties": ref}
        for kind, ref in zip(KINDS, refs, strict=True)
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Evenfall configuration",
        "type": "object",
        "properties": {"evenfall": {"const": "v1"}, **sections},
        "required": ["evenfall"],
        "additionalProperties": False,
        "$defs": parts,
    }
