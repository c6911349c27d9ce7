"""What goes over the wire."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from ninja import Schema
from pydantic import Field

from evenfall.catalog.ports import Environment
from evenfall.triage.actions import (
    CalendarWish,
    Details,
    NewItem,
    ReviewWish,
    TargetsWish,
)
from evenfall.triage.logic.calendar import Hours
from evenfall.triage.logic.clocks import Clock, Kind, Status
from evenfall.triage.logic.priority import Level, Priority
from evenfall.triage.logic.states import State, What
from evenfall.triage.ports import Source
from evenfall.triage.queries import Ages, FlowWeek, ItemView, Report

_MOST_PEOPLE = 1_000_000_000


class TriageNamedOut(Schema):
    id: int
    name: str


class ScorePartOut(Schema):
    name: str
    value: float
    words: str
    divides: bool


class ScoreOut(Schema):
    """`total` orders the queue; `computed` is what the parts give without an override."""

    total: float
    computed: float
    parts: list[ScorePartOut]
    pin: str
    override_reason: str
    override_until: datetime | None


class ClockOut(Schema):
    """Seconds; `elapsed` and `paused` are business time, the others as on the wall."""

    kind: Kind
    status: Status
    is_broken: bool
    target_s: float | None
    elapsed_s: float
    paused_s: float
    wall_elapsed_s: float
    wall_paused_s: float
    percent: int
    started_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    resumes_at: datetime | None


class PromotedToOut(Schema):
    """The incident that an item became, for those who may see it."""

    id: int
    title: str
    state: str
    severity: str


class TriageItemOut(Schema):
    """`risk_review_at` is when an accepted risk is new again by itself."""

    id: int
    title: str
    description: str
    source: Source
    alert_id: int | None
    pattern_id: int | None
    team: TriageNamedOut
    service: TriageNamedOut | None
    environment: Environment
    release: str
    workaround: str
    reporter_name: str
    reporter_contact: str
    business_contact: str
    business_stand_in: str
    technical_contact: TriageNamedOut | None
    technical_stand_in: TriageNamedOut | None
    assignee: TriageNamedOut | None
    impact: Level
    urgency: Level
    priority: Priority
    users_affected: int
    confidence: int
    multiplier: int
    effort_hours: float | None
    skills: list[str]
    recurs: bool
    pin: str
    state: State
    reported_at: datetime
    changed_at: datetime
    ended_at: datetime | None
    scheduled_for: date | None
    exit_reason: str
    duplicate_of_id: int | None
    risk_accepted_by: str
    risk_review_at: datetime | None
    incident: PromotedToOut | None
    incident_over_at: datetime | None
    clocks: list[ClockOut]
    score: ScoreOut


class TriageItemsOut(Schema):
    items: list[TriageItemOut]
    next: str | None


class TriageItemIn(Schema):
    """Without `team_id` the owner of the service gets it."""

    title: str = Field(max_length=1000)
    description: str = Field(default="", max_length=20_000)
    team_id: int | None = None
    service_id: int | None = None
    environment: Environment = Environment.PROD
    release: str = Field(default="", max_length=80)
    workaround: str = Field(default="", max_length=5000)
    reporter_name: str = Field(default="", max_length=100)
    reporter_contact: str = Field(default="", max_length=200)
    impact: Level = Level.MEDIUM
    urgency: Level = Level.MEDIUM
    users_affected: int = Field(default=0, ge=0, le=_MOST_PEOPLE)

    def new(self) -> NewItem:
        return NewItem(source=Source.API, **dict(self))


class TriageDetailsIn(Schema):
    """`confidence` 50 to 100 and `multiplier` 100 to 200 are percent."""

    description: str = Field(default="", max_length=20_000)
    release: str = Field(default="", max_length=80)
    workaround: str = Field(default="", max_length=5000)
    business_contact: str = Field(default="", max_length=200)
    business_stand_in: str = Field(default="", max_length=200)
    technical_contact_id: int | None = None
    technical_stand_in_id: int | None = None
    users_affected: int = Field(default=0, ge=0, le=_MOST_PEOPLE)
    confidence: int = Field(default=100, ge=50, le=100)
    multiplier: int = Field(default=100, ge=100, le=200)
    effort_hours: float | None = Field(default=None, gt=0, le=10_000)
    skills: list[str] = Field(default_factory=list, max_length=20)
    recurs: bool = False
    pin: str = Field(default="", max_length=12)

    def details(self) -> Details:
        return Details(**{**dict(self), "skills": tuple(self.skills)})


class TriagePriorityIn(Schema):
    impact: Level
    urgency: Level
    text: str = Field(default="", max_length=5000)


class ScoreOverrideIn(Schema):
    score: float = Field(ge=0, le=10_000)
    reason: str = Field(max_length=1000)
    until: datetime


class TriageEventOut(Schema):
    what: What
    at: datetime
    actor: str
    priority: str
    reason: str
    text: str


class TriageEventsOut(Schema):
    items: list[TriageEventOut]
    next: str | None = None


class BusinessHoursIn(Schema):
    """A part of one weekday, 0 for Monday; minutes after midnight, 1440 for its end."""

    day: int
    starts: int
    ends: int


class BusinessCalendarIn(Schema):
    name: str = Field(max_length=80)
    zone: str = Field(max_length=64)
    hours: list[BusinessHoursIn] = Field(max_length=200)
    country: str = Field(default="", max_length=2)
    region: str = Field(default="", max_length=16)
    company_days: list[date] = Field(default_factory=list, max_length=366)

    def wish(self) -> CalendarWish:
        hours = tuple(Hours(one.day, one.starts, one.ends) for one in self.hours)
        days = tuple(self.company_days)
        return CalendarWish(**{**dict(self), "hours": hours, "company_days": days})


class BusinessCalendarOut(Schema):
    """As it is now; `versions` is how many there were."""

    id: int
    name: str
    zone: str
    hours: list[tuple[int, int, int]]
    country: str
    region: str
    company_days: list[date]
    since: datetime
    versions: int


class BusinessCalendarsOut(Schema):
    items: list[BusinessCalendarOut]
    next: str | None = None


class TargetsIn(Schema):
    """Minutes of business time; None promises nothing."""

    first_response: int | None
    decision: int | None
    next_contact: int | None
    resolution: int | None
    around_the_clock: bool = False

    def wish(self) -> TargetsWish:
        return TargetsWish(**dict(self))


class TargetsOut(TargetsIn):
    priority: Priority
    since: datetime | None


class TargetsListOut(Schema):
    items: list[TargetsOut]
    next: str | None = None


class TeamReviewIn(Schema):
    business_calendar_id: int | None = None
    wip_limit: int | None = Field(default=None, ge=1, le=1000)
    weekly_hours: float | None = Field(default=None, ge=0, le=2000)
    takes_strays: bool = False

    def wish(self) -> ReviewWish:
        return ReviewWish(
            calendar_id=self.business_calendar_id,
            wip_limit=self.wip_limit,
            weekly_hours=self.weekly_hours,
            takes_strays=self.takes_strays,
        )


class TeamReviewOut(Schema):
    """`intake_hint` are the last characters of the address of the open form, empty without one.

    One team `takes_strays`: the tickets of alerts that no team has. Until one is, the
    oldest does.
    """

    team_id: int
    calendar_id: int | None
    wip_limit: int | None
    weekly_hours: float | None
    intake_hint: str
    takes_strays: bool


class IntakeOut(Schema):
    """The address cannot be shown again."""

    address: str


class ReviewPromiseOut(Schema):
    kind: Kind
    kept: int
    broken: int
    n: int
    median_business_s: float | None
    median_wall_s: float | None


class FlowWeekOut(Schema):
    monday: date
    reported: int
    ended: int
    open: int


class TriageReportOut(Schema):
    since: datetime
    until: datetime
    items: int
    open: int
    lines: list[ReviewPromiseOut]
    flow: list[FlowWeekOut]
    median_age_s: float | None
    oldest_age_s: float | None


def item_of(view: ItemView) -> dict[str, Any]:
    """Return an item as it goes over the wire."""
    own = {name: getattr(view, name) for name in TriageItemOut.model_fields}
    override = view.score.override
    score = {
        "total": view.score.total,
        "computed": view.score.computed,
        "parts": view.score.parts,
        "pin": view.score.pin,
        "override_reason": override.reason if override else "",
        "override_until": override.until if override else None,
    }
    return {**own, "clocks": [_clock(one) for one in view.clocks], "score": score}


def _clock(clock: Clock) -> dict[str, Any]:
    told = {name for name in ClockOut.model_fields if not name.endswith("_s")}
    return {name: getattr(clock, name) for name in told} | {
        "target_s": None if clock.target is None else clock.target.total_seconds(),
        "elapsed_s": clock.elapsed.total_seconds(),
        "paused_s": clock.paused.total_seconds(),
        "wall_elapsed_s": clock.wall_elapsed.total_seconds(),
        "wall_paused_s": clock.wall_paused.total_seconds(),
    }


def report_of(report: Report, flow: Sequence[FlowWeek], ages: Ages) -> dict[str, Any]:
    lines = [
        {
            "kind": line.kind,
            "kept": line.kept,
            "broken": line.broken,
            "n": line.n,
            "median_business_s": line.median_business and line.median_business.total_seconds(),
            "median_wall_s": line.median_wall and line.median_wall.total_seconds(),
        }
        for line in report.lines
    ]
    own = {name: getattr(report, name) for name in ("since", "until", "items", "open")}
    return {
        **own,
        "lines": lines,
        "flow": flow,
        "median_age_s": ages.median and ages.median.total_seconds(),
        "oldest_age_s": ages.oldest and ages.oldest.total_seconds(),
    }
