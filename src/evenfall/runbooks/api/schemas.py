"""What runbooks say and take over the API."""

from datetime import datetime

from ninja import Schema
from pydantic import Field


class RunbookOwner(Schema):
    """Exactly one of the two is set."""

    team_id: int | None = None
    user_id: int | None = None


class RunbookOut(Schema):
    """`freshness` is fresh, ageing, stale, unproven or wrong; `number` is the newest version."""

    id: int
    slug: str
    title: str
    tags: list[str]
    text: str
    number: int
    owner: RunbookOwner
    owner_name: str
    freshness: str
    proven_at: datetime | None
    is_linked: bool
    is_archived: bool
    source: str
    changed_at: datetime


class RunbooksOut(Schema):
    items: list[RunbookOut]
    next: str | None


class RunbookIn(Schema):
    title: str = Field(max_length=200)
    text: str = Field("", max_length=100_000)
    tags: list[str] = Field(default_factory=list, max_length=20)
    owner: RunbookOwner
    summary: str = Field("", max_length=200)


class RunbookSaveIn(RunbookIn):
    base: int = Field(ge=0, lt=2**31)
    """The number of the version that was edited."""


class RunbookMergeIn(Schema):
    base: int = Field(ge=0, lt=2**31)
    text: str = Field(max_length=100_000)


class RunbookMergeOut(Schema):
    """`text` holds what both wrote; save it on `number` once `clashes` is 0."""

    text: str
    clashes: int
    number: int


class RunbookVersionOut(Schema):
    number: int
    title: str
    tags: list[str]
    summary: str
    saved_by: str
    saved_at: datetime


class RunbookVersionsOut(Schema):
    items: list[RunbookVersionOut]


class RunbookTextOut(RunbookVersionOut):
    text: str


class RunbookLineOut(Schema):
    """`sign` is "+", "-", " ", or "…" where equal lines are left out."""

    sign: str
    text: str


class RunbookDiffOut(Schema):
    items: list[RunbookLineOut]


class RunbookLinks(Schema):
    """`services` are slugs; each of `alerts` is conditions on labels: `alertname="Disk*"`."""

    services: list[str] = Field(default_factory=list, max_length=200)
    alerts: list[str] = Field(default_factory=list, max_length=100)


class RunbookReportIn(Schema):
    """`text` says what is wrong; it is needed when `helped` is false."""

    helped: bool
    text: str = Field("", max_length=2000)


class MissingRunbookIn(Schema):
    text: str = Field(max_length=2000)
    service: str = ""
    """The slug, or empty."""


class MissingRunbookOut(Schema):
    """`subject` is where it was missed, such as "incident:17", or empty."""

    id: int
    text: str
    service: str
    subject: str
    said_by: str
    at: datetime


class MissingRunbooksOut(Schema):
    items: list[MissingRunbookOut]


class RunbookFileOut(Schema):
    """`step` is added, changed, unchanged, clash or removed."""

    step: str
    path: str
    title: str
    slug: str
    why: str


class RunbookFolderOut(Schema):
    """What an import would do; after `imported_at`, what it did."""

    id: int
    name: str
    team_id: int
    steps: list[RunbookFileOut]
    counts: dict[str, int]
    uploaded_at: datetime
    imported_at: datetime | None


class RunbookImportIn(Schema):
    archive: bool = False
    """Whether to archive runbooks that are not in the folder any more."""
