"""What goes over the wire about releases."""

from datetime import date, datetime
from typing import Literal

from ninja import Schema
from pydantic import AwareDatetime, Field

from evenfall.catalog.ports import Environment
from evenfall.releases.actions import DowntimeWish, Evidence, ExceptionWish, Need, NewRelease
from evenfall.releases.logic.states import State
from evenfall.releases.logic.words import ExceptionKind, Kind, Verdict

MOST_NUMBER = 2**31 - 1


class ReleaseNeedOut(Schema):
    service_id: int
    slug: str
    name: str
    at_least: str


class ReleaseOut(Schema):
    """One version of one service; `revision` counts its edits."""

    id: int
    service_id: int
    service_slug: str
    service_name: str
    version: str
    kind: Kind
    notes: str
    image: str
    artifact_url: str
    commit: str
    is_irreversible: bool
    rollback_plan: str
    fixes_incident_id: int | None
    train_id: int | None
    created_at: datetime
    created_by: str
    revision: int
    needs: list[ReleaseNeedOut]


class ReleasesOut(Schema):
    items: list[ReleaseOut]
    next: str | None


class PassageOut(Schema):
    """One release through one stage. Times are null where it has not happened."""

    id: int
    release_id: int
    service_id: int
    version: str
    kind: Kind
    stage: str
    environment: Environment
    attempt: int
    state: State
    state_at: datetime
    reason: str
    incident_id: int | None
    verdict: Verdict
    asked_at: datetime | None
    past_gates: bool
    is_way_back: bool
    previous_version: str
    planned_at: datetime | None
    planned_downtime_minutes: int
    maintenance_id: int | None
    actual_downtime_minutes: int | None
    started_at: datetime | None
    deployed_at: datetime | None
    proven_at: datetime | None
    ended_at: datetime | None


class ReleaseWholeOut(ReleaseOut):
    passages: list[PassageOut]


class RunningOut(Schema):
    items: list[PassageOut]


class ReleaseNeedIn(Schema):
    """The slug of another service, and the version that must run there at least."""

    service: str
    at_least: str = Field(max_length=120)


class ReleaseFields(Schema):
    kind: Kind = Kind.FEATURE
    notes: str = ""
    image: str = Field("", max_length=500)
    artifact_url: str = Field("", max_length=500)
    commit: str = Field("", max_length=80)
    is_irreversible: bool = False
    rollback_plan: str = ""
    fixes_incident_id: int | None = Field(None, ge=1, le=2**53)
    needs: list[ReleaseNeedIn] = Field(default_factory=list, max_length=50)
    planned_downtime_minutes: int = Field(0, ge=0, le=MOST_NUMBER)

    def new(self, service_id: int, version: str, needs: list[Need]) -> NewRelease:
        values = self.dict(include=set(ReleaseFields.model_fields) - {"needs"})
        return NewRelease(service_id=service_id, version=version, needs=needs, **values)


class ReleaseIn(ReleaseFields):
    service: str
    """The slug."""
    version: str = Field(max_length=120)


class ReleaseChangeIn(ReleaseFields):
    revision: int = Field(ge=0, le=MOST_NUMBER)
    """That of the release as it was read; another one in the meantime is refused."""


class GateEvidenceOut(Schema):
    text: str
    href: str


class GateResultOut(Schema):
    """One gate. `exception` says who let it through although it does not pass."""

    name: str
    title: str
    verdict: Verdict
    why: str
    change: str
    """What would change the answer; empty for one that passes."""
    opens_at: datetime | None
    exception: str
    evidence: list[GateEvidenceOut]


class GateOut(Schema):
    """The answer of all gates: fail beats unknown, unknown is never pass."""

    verdict: Verdict
    is_final: bool
    """Somebody said no: waiting does not help."""
    release_id: int
    passage_id: int
    service: str
    version: str
    stage: str
    environment: Environment
    state: State
    url: str
    gates: list[GateResultOut]


class GateIn(ReleaseIn):
    """Asks the gates for one stage; a version that nobody knows is registered with these fields."""

    environment: str = Field(max_length=40)
    """The name of a stage, or of an environment: then its last stage."""


class QualityIn(Schema):
    service: str
    version: str = Field(max_length=120)
    name: str = Field(max_length=80)
    is_good: bool
    text: str = Field("", max_length=2000)
    link: str = Field("", max_length=500)
    measured_at: AwareDatetime | None = None
    """Now when left out."""


class QualityOut(Schema):
    id: int
    release_id: int


class DeployedIn(ReleaseIn):
    """A pipeline reports what it does. `started` is refused unless the gates pass, or `anyway`."""

    environment: str = Field(max_length=40)
    phase: Literal["started", "finished", "failed", "rolled_back", "proven"]
    anyway: bool = False
    """It happens outside of Evenfall and cannot be refused: what did not pass is reviewed."""
    reason: str = Field("", max_length=500)
    incident_id: int | None = Field(None, ge=1, le=2**53)
    downtime_minutes: int | None = Field(None, ge=0, le=MOST_NUMBER)
    """As measured."""


class PassagePlanIn(Schema):
    stage: str = Field(max_length=40)
    planned_at: AwareDatetime | None = None
    planned_downtime_minutes: int = Field(0, ge=0, le=MOST_NUMBER)


class DowntimeIn(Schema):
    """A new maintenance window, or one that is announced already; 0 minutes takes it back."""

    starts_at: AwareDatetime | None = None
    minutes: int = Field(0, ge=0, le=10_000)
    maintenance_id: int | None = Field(None, ge=1, le=2**53)

    def wish(self) -> DowntimeWish:
        return DowntimeWish(**dict(self))


class SignOffIn(Schema):
    is_yes: bool
    comment: str = Field("", max_length=2000)
    """A no wants a reason."""
    team_id: int | None = Field(None, ge=1, le=2**53)
    """The team you sign for; the first one asked that you are in when left out."""


class ReleaseTickIn(Schema):
    is_done: bool = True
    text: str = Field("", max_length=2000)
    link: str = Field("", max_length=500)

    def evidence(self) -> Evidence:
        return Evidence(text=self.text, link=self.link)


class ReleaseReasonIn(Schema):
    reason: str = Field("", max_length=500)


class ReleaseExceptionIn(Schema):
    kind: ExceptionKind
    gates: list[str] = Field(max_length=20)
    reason: str = Field(max_length=500)
    expires_at: AwareDatetime
    review_on: date

    def wish(self) -> ExceptionWish:
        return ExceptionWish(**dict(self))


class ReleaseExceptionOut(Schema):
    id: int
    passage_id: int
    release_id: int
    service: str
    version: str
    stage: str
    kind: ExceptionKind
    gates: list[str]
    reason: str
    asked_by: str
    asked_at: datetime
    expires_at: datetime
    review_on: date
    decided_by: str
    decided_at: datetime | None
    is_signed: bool
    decision: str
    used_at: datetime | None
    reviewed_by: str
    reviewed_at: datetime | None
    review: str


class ReleaseExceptionsOut(Schema):
    items: list[ReleaseExceptionOut]
    next: str | None


class ExceptionDecisionIn(Schema):
    is_signed: bool
    reason: str = Field("", max_length=500)
    """A refusal wants one."""


class ExceptionReviewIn(Schema):
    review: str = Field(max_length=10_000)
