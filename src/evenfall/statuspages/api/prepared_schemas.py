"""The shapes of the API of prepared posts. Times are aware; without a zone they are refused."""

from datetime import datetime

from ninja import Schema
from pydantic import AwareDatetime, Field

from evenfall.statuspages.logic.words import Settled, Status

_MOST_TEXT = 20_000


class PreparedPostIn(Schema):
    title: str = Field(min_length=1, max_length=200)
    text: str = Field(min_length=1, max_length=_MOST_TEXT)
    statuses: dict[int, Status] = Field(default_factory=dict)
    """Component id to how it is said to be."""


class PreparedPublishIn(Schema):
    notify: bool = True
    next_update_at: AwareDatetime | None = None
    """A promise to readers; without it none is made."""


class PreparedDropIn(Schema):
    reason: str = Field(min_length=1, max_length=300)


class PreparedPostOut(Schema):
    """No reader sees it. It waits while `settled_how` is null."""

    id: int
    page_id: int
    incident_id: int
    title: str
    text: str
    statuses: dict[int, Status]
    created_at: datetime
    changed_at: datetime | None
    settled_at: datetime | None
    settled_how: Settled | None
    reason: str
    """Why it was dropped."""
    post_id: int | None

    @staticmethod
    def resolve_statuses(prepared: object) -> object:
        return getattr(prepared, "status_ids", {})


class PreparedPostsOut(Schema):
    items: list[PreparedPostOut]
    next: str | None
