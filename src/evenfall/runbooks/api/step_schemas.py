"""What steps and runs say and take over the API."""

from datetime import datetime

from ninja import Schema
from pydantic import Field

_Seconds = Field(60, ge=0, lt=2**31)


class StepFieldOut(Schema):
    """`type` is text, lines, number, url, json, choice or secret; `choices` are [value, label]."""

    name: str
    label: str
    type: str
    required: bool
    help: str
    choices: list[tuple[str, str]]
    default: str


class StepKindOut(Schema):
    """`settings` are asked for; `conditions` are [name, label]: what a success test can look at."""

    name: str
    label: str
    settings: list[StepFieldOut]
    conditions: list[tuple[str, str]]


class StepKindsOut(Schema):
    items: list[StepKindOut]


class StepIn(Schema):
    """`settings` are those that the kind asks for; secrets that are left out stay as they are.

    `approval` is never, prod or always; `test_kind` is none, http (then `test` has url, status,
    text, path, compare, value, authorization) or condition (then `test` has condition).
    """

    name: str = Field(max_length=40)
    title: str = Field(max_length=120)
    kind: str = Field(max_length=40)
    settings: dict[str, str] = Field(default_factory=dict)
    approval: str = "never"
    time_limit_s: int = Field(60, ge=1, lt=2**31)
    test_kind: str = "none"
    test: dict[str, str] = Field(default_factory=dict)
    test_window_s: int = _Seconds
    test_every_s: int = Field(5, ge=1, lt=2**31)
    undo_on_failure: bool = True
    cool_down_s: int = Field(0, ge=0, lt=2**31)
    most_per_hour: int | None = Field(None, ge=1, lt=2**31)
    most_per_day: int | None = Field(None, ge=1, lt=2**31)


class StepOut(Schema):
    """`secret_names` are the settings that hold a secret, which is never told."""

    name: str
    title: str
    kind: str
    settings: dict[str, str]
    secret_names: list[str]
    approval: str
    time_limit_s: int
    test_kind: str
    test: dict[str, str]
    test_window_s: int
    test_every_s: int
    undo_on_failure: bool
    cool_down_s: int
    most_per_hour: int | None
    most_per_day: int | None


class StepsOut(Schema):
    items: list[StepOut]


class StepParameterIn(Schema):
    """`type` is word, text, number or choice."""

    label: str = Field("", max_length=120)
    type: str = "word"
    is_required: bool = True
    default: str = Field("", max_length=500)
    choices: list[str] = Field(default_factory=list, max_length=100)
    lowest: int | None = Field(None, ge=-(10**15), le=10**15)
    highest: int | None = Field(None, ge=-(10**15), le=10**15)


class StepParameterOut(StepParameterIn):
    name: str


class StepParametersOut(Schema):
    items: list[StepParameterOut]


class RunIn(Schema):
    """`steps` are names, all when it is left out; `subject` such as "incident:17".

    `dry_run` says what would be done and changes nothing.
    """

    steps: list[str] | None = Field(None, max_length=100)
    subject: str = Field("", max_length=80)
    parameters: dict[str, str] = Field(default_factory=dict)
    dry_run: bool = False


class RunLineOut(Schema):
    """`state` is queued, waiting, running, undoing, ok, failed, undone, unknown or stopped."""

    id: int
    runbook: str = Field(validation_alias="slug")
    subject: str
    state: str
    is_dry: bool
    is_automatic: bool
    asked_by: str
    created_at: datetime
    ended_at: datetime | None
    why: str


class RunsOut(Schema):
    items: list[RunLineOut]
    next: str | None


class RunLogLineOut(Schema):
    at: datetime
    text: str


class RunStepOut(Schema):
    """`state` is planned, running, testing, ok, failed, undoing, undone, skipped or unknown."""

    name: str
    title: str
    kind: str
    target: str
    state: str
    needs_approval: bool
    approved_by: str
    approved_at: datetime | None
    acted_at: datetime | None
    ended_at: datetime | None
    log: list[RunLogLineOut]


class RunOut(RunLineOut):
    environment: str
    parameters: list[tuple[str, str]]
    steps: list[RunStepOut]


class RunWhyIn(Schema):
    why: str = Field("", max_length=500)


class StepSwitchOut(Schema):
    """While `is_stopped`, no step of any runbook starts."""

    is_stopped: bool
    why: str
    by: str
    at: datetime | None
