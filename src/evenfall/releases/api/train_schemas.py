"""What goes over the wire about trains."""

from datetime import datetime

from ninja import Schema
from pydantic import AwareDatetime, Field

from evenfall.releases.actions import TrainWish
from evenfall.releases.api.hold_schemas import MOST_ID
from evenfall.releases.logic.boarding import Fate


class TrainIn(Schema):
    """`departs_at` is when it goes to production; null for no time yet."""

    name: str = Field(max_length=120)
    note: str = Field("", max_length=10_000)
    departs_at: AwareDatetime | None = None
    release_ids: list[int] = Field(max_length=100)

    def wish(self) -> TrainWish:
        return TrainWish(**dict(self))


class TrainCarOut(Schema):
    """A release on board; `why` says what holds it, or why it stayed."""

    release_id: int
    service: str
    version: str
    fate: Fate
    why: str


class TrainMissedOut(Schema):
    """A release that stayed and was put on another train, or on none."""

    release_id: int
    service: str
    version: str
    why: str
    at: datetime
    next_id: int | None


class TrainOut(Schema):
    """`waves`: what goes together, after all those before it."""

    id: int
    name: str
    note: str
    departs_at: datetime | None
    waves: list[list[int]]
    on_board: list[TrainCarOut]
    left_behind: list[TrainMissedOut]


class TrainsOut(Schema):
    items: list[TrainOut]


class NextTrainIn(Schema):
    """Which of what stayed goes on with which train."""

    train_id: int = Field(ge=1, le=MOST_ID)
    release_ids: list[int] = Field(max_length=100)
