"""What monitors say and take over the API. Times are UTC."""

from datetime import date, datetime

from ninja import Schema
from pydantic import Field

_Count = Field(None, ge=0, lt=2**31)


class MonitorFieldOut(Schema):
    """`type` is text, lines, number, decimal, duration, url, choice, secret, source or
    integration.
    """

    name: str
    label: str
    type: str
    required: bool
    help: str
    choices: list[tuple[str, str]]
    default: str


class MonitorKindOut(Schema):
    """`settings` are what it asks for."""

    name: str
    label: str
    about: str
    settings: list[MonitorFieldOut] = Field(validation_alias="fields")


class MonitorKindsOut(Schema):
    items: list[MonitorKindOut]


class MonitorChangeIn(Schema):
    """`settings` are those that the kind asks for; secrets that are left out stay as they are.

    Numbers that are null are those usual for the kind. `unknown_for_s` 0 tells nobody.
    """

    name: str = Field(max_length=120)
    service_id: int = Field(ge=1, lt=2**63)
    environment: str = "PROD"
    settings: dict[str, str] = Field(default_factory=dict)
    interval_s: int | None = _Count
    time_limit_s: int | None = _Count
    bad_needed: int | None = _Count
    good_needed: int | None = _Count
    unknown_for_s: int | None = _Count
    severity: str = "error"


class MonitorIn(MonitorChangeIn):
    kind: str = Field(max_length=40)


class MonitorSaveIn(MonitorChangeIn):
    """`version` is the one that was read; without it the newest is changed."""

    version: int | None = Field(None, ge=1, lt=2**31)


class MonitorServiceOut(Schema):
    id: int
    slug: str
    name: str


class MonitorOut(Schema):
    """`state` is new, good, bad, unknown or paused; `since` is when that began."""

    id: int
    name: str
    kind: str
    target: str
    service: MonitorServiceOut
    environment: str
    state: str
    since: datetime | None
    warning: str
    last_at: datetime | None
    last_result: str
    last_note: str
    last_ms: int | None
    last_value: float | None
    due_at: datetime | None
    severity: str
    interval_s: int
    time_limit_s: int
    bad_needed: int
    good_needed: int
    unknown_for_s: int | None
    settings: dict[str, str]
    secret_names: list[str]
    version: int


class MonitorKeyOut(Schema):
    """The address is told once: it is stored as a hash."""

    url: str


class MonitorMadeOut(MonitorOut):
    """`ping_url` is told once, for kinds that are told something; else empty."""

    ping_url: str


class MonitorsOut(Schema):
    items: list[MonitorOut]
    next: str | None


class CheckOut(Schema):
    at: datetime
    result: str
    duration_ms: int | None
    value: float | None
    note: str


class ChecksOut(Schema):
    items: list[CheckOut]
    next: str | None


class OutageOut(Schema):
    id: int
    from_at: datetime
    until_at: datetime | None
    reason: str
    ended_by: str


class OutagesOut(Schema):
    items: list[OutageOut]


class UptimeSumOut(Schema):
    """Looks; `percent` is of the known ones, null where there are none."""

    days: int
    good: int
    bad: int
    unknown: int
    percent: float | None


class UptimeDayOut(Schema):
    day: date
    good: int
    bad: int
    unknown: int


class UptimeOut(Schema):
    """`windows` of 1, 7, 30 and 90 days; `days` of UTC, oldest first."""

    windows: list[UptimeSumOut]
    days: list[UptimeDayOut]


class BackupIn(Schema):
    """`finished_at` that is left out is now."""

    ok: bool = True
    size_bytes: int | None = Field(None, ge=0, lt=2**62)
    finished_at: datetime | None = None
    note: str = Field("", max_length=500)


class BackupOut(Schema):
    id: int
    finished_at: datetime
    ok: bool
    size_bytes: int | None
    note: str
    actor: str


class BackupsOut(Schema):
    items: list[BackupOut]


class DrillIn(Schema):
    """A restore that ended now; `output` is its end."""

    ok: bool
    took_s: float = Field(ge=0, le=10_000_000)
    exit_code: int | None = Field(None, ge=-(2**31), lt=2**31)
    command: str = Field("", max_length=500)
    output: str = Field("", max_length=20_000)


class DrillOut(Schema):
    id: int
    started_at: datetime
    took_s: float
    ok: bool
    exit_code: int | None
    command: str
    output: str
    actor: str


class DrillsOut(Schema):
    items: list[DrillOut]


class LiveStateIn(Schema):
    text: str = Field(max_length=1_000_000)


class DeclaredStateIn(LiveStateIn):
    reason: str = Field("", max_length=500)


class AcceptLiveIn(Schema):
    reason: str = Field(max_length=500)


class StateDifferenceOut(Schema):
    """`what` is added, removed or changed; of plans planned or drifted."""

    path: str
    what: str
    declared: str
    live: str


class DriftSourceOut(Schema):
    """Where the declared state is fetched; `failed_since` is null while it goes well."""

    place: str
    fetched_at: datetime | None
    failed_since: datetime | None
    problem: str


class DriftOut(Schema):
    """`differences` is null until something was compared; `problem` says why it cannot be.

    `source` is null where the declared state is given here.
    """

    declared_at: datetime | None
    declared_by: str
    reason: str
    live_at: datetime | None
    live_by: str
    differences: list[StateDifferenceOut] | None
    problem: str
    source: DriftSourceOut | None
