"""Facts of cover and swap requests: the trace that the page of a request shows."""

from datetime import datetime
from typing import override

from evenfall.platform.events import Event


class AboutRequest(Event, frozen=True, kw_only=True):
    """Something happened to a request; `user_id` is the person who is meant.

    `back_rota_id` is the rota of the shift that is taken in return, if it is another one.
    """

    request_id: int
    rota_id: int
    team_id: int
    user_id: int | None = None
    back_rota_id: int | None = None

    @override
    def subjects(self) -> tuple[str, ...]:
        person = () if self.user_id is None else (f"user:{self.user_id}",)
        return (
            f"oncall_request:{self.request_id}",
            f"rota:{self.rota_id}",
            f"team:{self.team_id}",
            "oncall_requests",
            *person,
            *(() if self.back_rota_id is None else (f"rota:{self.back_rota_id}",)),
        )


class RequestMade(AboutRequest, frozen=True, kw_only=True):
    """`user_id` asks to be relieved between the two times."""

    kind = "oncall.request_made"
    request_kind: str
    starts_at: datetime
    ends_at: datetime


class RequestOffered(AboutRequest, frozen=True, kw_only=True):
    """`user_id` was asked and may think until `due_at`; None: until the shift begins."""

    kind = "oncall.request_offered"
    due_at: datetime | None = None


class RequestLapsed(AboutRequest, frozen=True, kw_only=True):
    """`user_id` did not answer in time. Others are asked; a late yes still counts."""

    kind = "oncall.request_lapsed"


class RequestDeclined(AboutRequest, frozen=True, kw_only=True):
    """`user_id` said no."""

    kind = "oncall.request_declined"
    note: str = ""


class RequestAccepted(AboutRequest, frozen=True, kw_only=True):
    """`user_id` said yes, and the overrides that do it were made with it."""

    kind = "oncall.request_accepted"
    override_id: int
    back_override_id: int | None = None


class RequestMoved(AboutRequest, frozen=True, kw_only=True):
    """The shift of `user_id` has other times now, and the request goes with it."""

    kind = "oncall.request_moved"
    starts_at: datetime
    ends_at: datetime


class UndoAsked(AboutRequest, frozen=True, kw_only=True):
    """`user_id` wants everything as it was; the other one has to agree."""

    kind = "oncall.request_undo_asked"


class RequestClosed(AboutRequest, frozen=True, kw_only=True):
    """The request came to an end other than a yes, or what was agreed was undone."""

    kind = "oncall.request_closed"
    state: str
    reason: str
