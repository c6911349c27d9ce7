"""Hand-overs, readiness, and how one wants to be told, over the API."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.oncall import actions, queries
from evenfall.oncall.logic.handovers import LookAhead
from evenfall.oncall.logic.summaries import Cadence
from evenfall.platform.clock import utc_now

router = Router()


class PersonOnDutyOut(Schema):
    user_id: int
    name: str
    starts_at: datetime
    ends_at: datetime
    why: str


class BriefingLineOut(Schema):
    text: str
    url: str


class BriefingOut(Schema):
    title: str
    lines: list[BriefingLineOut]


class HandoverNoteOut(Schema):
    author_id: int
    author: str
    text: str
    written_at: datetime


class HandoverOut(Schema):
    leaver: PersonOnDutyOut | None
    taker: PersonOnDutyOut | None
    happens_at: datetime | None
    briefings: list[BriefingOut]
    notes: list[HandoverNoteOut]


class HandoverNoteIn(Schema):
    text: str


class LackOut(Schema):
    lack: str
    text: str
    url: str


class ReadinessOut(Schema):
    user_id: int
    name: str
    role: str
    rota_id: int
    rota: str
    team_id: int
    starts_at: datetime
    ends_at: datetime
    is_running: bool
    is_ready: bool
    lacks: list[LackOut]


class ReadinessesOut(Schema):
    items: list[ReadinessOut]
    next: None = None


class NoticeWish(Schema):
    """`summary` null: every week for the teams one leads."""

    look_ahead: LookAhead = LookAhead.DAY
    summary: Cadence | None = None


@router.get("/rotas/{int:rota_id}/handover", response=HandoverOut, auth=api_auth(Permission.VIEW))
def get_handover(request: HttpRequest, rota_id: int) -> queries.HandoverView:  # noqa: ARG001 - ninja passes it
    """Who hands over to whom, when, and what the next one should know."""
    return queries.handover(queries.rota(rota_id), now=utc_now())


@router.put(
    "/rotas/{int:rota_id}/handover/note",
    response=HandoverOut,
    auth=api_auth(Permission.RESPOND),
)
def write_note(request: HttpRequest, rota_id: int, body: HandoverNoteIn) -> queries.HandoverView:
    """Leave a note with the running shift, in place of one's own; an empty one takes it back."""
    viewer, rota, now = viewer_of(request), queries.rota(rota_id), utc_now()
    viewer.check(Permission.RESPOND, team_id=rota.team_id)
    actions.write_handover_note(
        rota_id=rota_id, user_id=viewer.user_id, text=body.text, now=now, actor=viewer.actor
    )
    return queries.handover(rota, now=now)


@router.get("/oncall/readiness", response=ReadinessesOut, auth=api_auth(Permission.VIEW))
def list_readiness(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    team_id: int | None = None,
) -> dict[str, Any]:
    """Everybody on call within two weeks: ready, or what they lack and where it is mended."""
    team_ids = None if team_id is None else [team_id]
    return {"items": queries.readiness(now=utc_now(), team_ids=team_ids)}


@router.get("/oncall/notices", response=NoticeWish, auth=api_auth(Permission.OWN))
def my_notice_wish(request: HttpRequest) -> queries.NoticeWishView:
    """How I want to be told of my shifts and teams."""
    user_id = viewer_of(request).user_id
    return queries.notice_wishes([user_id])[user_id]


@router.put("/oncall/notices", response=NoticeWish, auth=api_auth(Permission.OWN))
def save_my_notice_wish(request: HttpRequest, body: NoticeWish) -> queries.NoticeWishView:
    viewer = viewer_of(request)
    actions.save_notice_wish(
        user_id=viewer.user_id,
        look_ahead=body.look_ahead,
        summary=body.summary,
        now=utc_now(),
        actor=viewer.actor,
    )
    return my_notice_wish(request)
