"""What the gates are asked about: everything they need to know of one passage, as plain values."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct, field

from evenfall.releases.logic.rules import Rules
from evenfall.releases.logic.states import State
from evenfall.releases.logic.windows import Window
from evenfall.releases.logic.words import Kind


class StopFact(Struct, frozen=True, kw_only=True):
    """A pressed button; `scope` in words, such as "the whole site"."""

    scope: str
    reason: str
    by: str
    at: datetime


class FreezeFact(Struct, frozen=True, kw_only=True):
    id: int
    scope: str
    reason: str
    starts_at: datetime
    ends_at: datetime
    exempt: frozenset[Kind] = frozenset()


class NeedFact(Struct, frozen=True, kw_only=True):
    """Another service in the same environment; `running` is "" when nobody told what runs.

    `why` is "needs" for a required version, "train" for a release that goes first.
    """

    name: str
    at_least: str
    running: str
    why: str = "needs"
    href: str = ""


class IncidentFact(Struct, frozen=True, kw_only=True):
    """A live incident; `severity` 1 is the worst. `title` is "" for a private one."""

    id: int
    title: str
    severity: int
    service: str
    is_own: bool


class BudgetFact(Struct, frozen=True, kw_only=True):
    """One objective; `state` is OK, WARN, FROZEN or "" where nobody knows.

    `environment` is where it is measured, "" for one that counts everywhere.
    """

    name: str
    state: str
    environment: str = ""
    why: str = ""
    href: str = ""


class ResultFact(Struct, frozen=True, kw_only=True):
    is_good: bool
    text: str
    link: str
    measured_at: datetime


class TickFact(Struct, frozen=True, kw_only=True):
    is_done: bool
    text: str
    link: str
    by: str
    at: datetime


class SignOffFact(Struct, frozen=True, kw_only=True):
    user_id: int
    name: str
    team_id: int
    is_yes: bool
    comment: str
    at: datetime


class StandardFact(Struct, frozen=True, kw_only=True):
    """The standard change that this release fits."""

    name: str
    approved_by: str
    expires_at: datetime


class DutyFact(Struct, frozen=True, kw_only=True):
    """Who is on call now, until when; `flaw` says why they would not be reached, "" if they are."""

    person: str
    zone: str
    ends_at: datetime
    rota: str
    flaw: str = ""


class Facts(Struct, frozen=True, kw_only=True):
    """All that is known. None for `incidents`, `budgets` and `duties`: could not be read.

    `previous_stage` is "" for the first stage; `running` is what runs in this one, and
    `running_is_proven` whether its watch has passed. `next_duties` are those that follow.
    """

    service: str
    version: str
    stage: str
    kind: Kind = Kind.FEATURE
    rules: Rules = field(default_factory=Rules)
    author_id: int | None = None
    team_id: int = 0
    teams: Mapping[int, str] = field(default_factory=dict)
    is_irreversible: bool = False
    rollback_plan: str = ""
    fixes_incident_id: int | None = None
    running: str = ""
    running_is_proven: bool = False
    previous_stage: str = ""
    previous_state: State | None = None
    stops: tuple[StopFact, ...] = ()
    freezes: tuple[FreezeFact, ...] = ()
    windows: tuple[Window, ...] = ()
    needs: tuple[NeedFact, ...] = ()
    incidents: tuple[IncidentFact, ...] | None = ()
    budgets: tuple[BudgetFact, ...] | None = ()
    results: Mapping[str, ResultFact] = field(default_factory=dict)
    ticks: Mapping[str, TickFact] = field(default_factory=dict)
    sign_offs: tuple[SignOffFact, ...] = ()
    standard: StandardFact | None = None
    duties: tuple[DutyFact, ...] | None = ()
    handovers: tuple[datetime, ...] = ()
