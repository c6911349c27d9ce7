"""The shapes of the API of status pages. Times are aware; without a zone they are refused."""

from datetime import datetime
from decimal import Decimal

from ninja import Schema
from pydantic import AwareDatetime, Field

from evenfall.incidents.ports import Sev
from evenfall.statuspages.actions import (
    ComponentWish,
    GroupWish,
    PageWish,
    UpdateWish,
    WorkWish,
)
from evenfall.statuspages.logic.words import (
    Collapsed,
    Impact,
    PostState,
    Status,
    Told,
    Visibility,
    WorkState,
)
from evenfall.statuspages.queries import PostView

_MOST_TEXT = 20_000


class StatusPageIn(Schema):
    """Weights are 0 to 1: how much of a minute in this status is a minute of downtime."""

    title: str = Field(min_length=1, max_length=120)
    slug: str = Field("", max_length=60)
    """What comes after /status/; made from the title when empty."""
    description: str = Field("", max_length=300)
    team_id: int | None = None
    visibility: Visibility = Visibility.PUBLIC
    time_zone: str = "UTC"
    weight_major: Decimal = Field(Decimal(1), ge=0, le=1, decimal_places=3)
    weight_partial: Decimal = Field(Decimal("0.3"), ge=0, le=1, decimal_places=3)
    weight_degraded: Decimal = Field(Decimal(0), ge=0, le=1, decimal_places=3)
    counts_maintenance: bool = False
    groups_need_all: bool = False
    prepare_from: Sev | None = Sev.SEV2
    """The mildest severity for which a first post is prepared; null for none."""

    def wish(self) -> PageWish:
        return PageWish(**self.dict())


class StatusPageOut(Schema):
    id: int
    slug: str
    title: str
    description: str
    team_id: int | None
    visibility: Visibility
    time_zone: str
    weight_major: Decimal
    weight_partial: Decimal
    weight_degraded: Decimal
    counts_maintenance: bool
    groups_need_all: bool
    prepare_from: Sev | None
    version: int
    """Grows with every change of what the page shows."""
    changed_at: datetime


class StatusPagesOut(Schema):
    items: list[StatusPageOut]
    next: str | None


class StatusGroupIn(Schema):
    name: str = Field(min_length=1, max_length=80)
    collapsed: Collapsed = Collapsed.OPEN

    def wish(self) -> GroupWish:
        return GroupWish(name=self.name, collapsed=self.collapsed)


class StatusGroupOut(Schema):
    id: int
    name: str
    collapsed: Collapsed


class StatusComponentIn(Schema):
    name: str = Field(min_length=1, max_length=80)
    description: str = Field("", max_length=300)
    group_id: int | None = None
    shows_uptime: bool = True
    service_ids: list[int] = Field(default_factory=list, max_length=200)
    """Services behind it: an incident of one suggests a post about this component."""

    def wish(self) -> ComponentWish:
        return ComponentWish(**self.dict())


class StatusComponentOut(Schema):
    id: int
    name: str
    description: str
    group_id: int | None
    shows_uptime: bool
    service_ids: list[int]
    status: Status
    manual: Status
    """What people said by hand of it; posts and maintenance may say worse."""


class StatusPartsOut(Schema):
    groups: list[StatusGroupOut]
    components: list[StatusComponentOut]


class SetStatusIn(Schema):
    status: Status
    """Not maintenance: that is planned."""


class StatusUpdateIn(Schema):
    text: str = Field(min_length=1, max_length=_MOST_TEXT)
    state: PostState = PostState.INVESTIGATING
    statuses: dict[int, Status] = Field(default_factory=dict)
    """Component id to its status from then on; operational takes back what was said."""
    notify: bool = True
    next_update_at: AwareDatetime | None = None
    said_at: AwareDatetime | None = None
    """Earlier than now: the update is marked as written later."""

    def wish(self) -> UpdateWish:
        return UpdateWish(
            text=self.text,
            state=self.state,
            statuses=self.statuses,
            notify=self.notify,
            next_update_at=self.next_update_at,
            said_at=self.said_at,
        )


class StatusPostIn(StatusUpdateIn):
    title: str = Field(min_length=1, max_length=200)
    impact: Impact | None = None
    """Without it: by the worst status."""
    incident_id: int | None = None


class StatusRetractIn(Schema):
    reason: str = Field(min_length=1, max_length=300)


class StatusUpdateOut(Schema):
    id: int
    state: PostState
    text: str
    said_at: datetime
    written_at: datetime
    edited_at: datetime | None
    is_backdated: bool
    notify: bool
    next_update_at: datetime | None
    statuses: dict[int, Status]

    @staticmethod
    def resolve_statuses(update: object) -> object:
        return getattr(update, "status_ids", {})


class StatusPostOut(Schema):
    id: int
    page_id: int
    title: str
    impact: Impact
    state: PostState
    incident_id: int | None
    started_at: datetime
    resolved_at: datetime | None
    next_update_at: datetime | None
    retracted_at: datetime | None
    retracted_why: str
    lesson: str
    """Where everybody reads what its incident taught; empty for nowhere."""
    updates: list[StatusUpdateOut]


class StatusPostsOut(Schema):
    items: list[StatusPostOut]
    next: str | None


class StatusWorkIn(Schema):
    title: str = Field(min_length=1, max_length=200)
    text: str = Field("", max_length=_MOST_TEXT)
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    component_ids: list[int] = Field(min_length=1, max_length=500)
    """What it touches; nothing else is shown as under maintenance."""
    starts_itself: bool = True
    ends_itself: bool = True
    notify: bool = True

    def wish(self) -> WorkWish:
        return WorkWish(**self.dict())


class StatusWorkStepIn(Schema):
    state: WorkState | None = None
    """Without it, `text` is a note."""
    text: str = Field("", max_length=_MOST_TEXT)


class StatusWorkNoteOut(Schema):
    id: int
    told: Told
    text: str
    at: datetime


class StatusWorkOut(Schema):
    id: int
    page_id: int
    title: str
    text: str
    state: WorkState
    starts_at: datetime
    ends_at: datetime
    starts_itself: bool
    ends_itself: bool
    notify: bool
    started_at: datetime | None
    ended_at: datetime | None
    component_ids: list[int]
    notes: list[StatusWorkNoteOut]


class StatusWorksOut(Schema):
    items: list[StatusWorkOut]
    next: str | None


class IncidentPostsOut(Schema):
    """What readers were told of an incident, on all pages."""

    items: list[StatusPostOut]

    @staticmethod
    def of(posts: list[PostView]) -> dict[str, list[PostView]]:
        return {"items": posts}
