"""Absences, the calendars they are read from, and taking the pager."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import AwareDatetime, Field

from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.oncall import actions, queries
from evenfall.oncall.api.schemas import Id, OverrideOut
from evenfall.oncall.logic.away import Kind
from evenfall.oncall.models import MOST_ABSENCE_NOTE
from evenfall.oncall.queries import absence_boards
from evenfall.platform.clock import utc_now

router = Router()


class AbsenceTimesIn(Schema):
    kind: Kind
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    note: str = Field(default="", max_length=MOST_ABSENCE_NOTE)


class AbsenceIn(AbsenceTimesIn):
    user_id: Id | None = None
    """None is oneself."""


class AbsenceOut(Schema):
    id: int
    user_id: int
    name: str
    kind: Kind | None
    """None where it is none of the reader's business."""
    note: str
    starts_at: datetime
    ends_at: datetime
    is_from_calendar: bool
    stand_ins: list[str]


class AbsencesOut(Schema):
    items: list[AbsenceOut]
    next: str | None


class AbsenceWindowIn(Schema):
    """The stretch between two instants with a zone; both may be left out."""

    starts_at: AwareDatetime | None = Field(default=None, alias="from")
    ends_at: AwareDatetime | None = Field(default=None, alias="until")


class AbsenceFeedIn(Schema):
    team_id: Id | None = None
    """None is one's own calendar."""
    name: str
    url: str
    kind: Kind = Kind.HOLIDAY
    every_event: bool = False
    words: list[str] = Field(default_factory=list, max_length=100)


class AbsenceFeedOut(Schema):
    id: int
    user_id: int | None
    team_id: int | None
    name: str
    kind: Kind
    every_event: bool
    words: list[str]
    checked_at: datetime | None
    worked_at: datetime | None
    error: str


class AbsenceFeedsOut(Schema):
    items: list[AbsenceFeedOut]
    next: str | None


class TakePagerIn(Schema):
    hours: int | None = Field(default=None, ge=1, le=24 * 14)
    """None is until the end of the running duty."""


@router.get("/absences", response=AbsencesOut, auth=api_auth(Permission.VIEW))
def list_absences(
    request: HttpRequest, window: Query[AbsenceWindowIn]
) -> dict[str, list[absence_boards.AbsenceLine] | None]:
    """The absences of oneself and the people of one's teams that touch a stretch, by start.

    Without `from` from now on, without `until` for ever.
    """
    viewer = viewer_of(request)
    people = absence_boards.visible_people(viewer)
    lines = absence_boards.absence_lines(
        viewer, people, now=window.starts_at or utc_now(), until=window.ends_at
    )
    return {"items": lines, "next": None}


@router.post("/absences", response={201: AbsenceOut}, auth=api_auth(Permission.OWN))
def add_absence(request: HttpRequest, body: AbsenceIn) -> Status[absence_boards.AbsenceLine]:
    """Enter an absence of oneself or, as a manager, of somebody in one's team."""
    viewer = viewer_of(request)
    user_id = viewer.user_id if body.user_id is None else body.user_id
    absence_boards.check_may_change(viewer, user_id)
    absence_id = actions.add_absence(
        **body.dict() | {"user_id": user_id}, now=utc_now(), actor=viewer.actor
    )
    return Status(201, absence_boards.absence_line(viewer, absence_id))


@router.post("/absences/ill", response={201: AbsenceOut}, auth=api_auth(Permission.OWN))
def report_ill(request: HttpRequest) -> Status[absence_boards.AbsenceLine]:
    """Be away from now until the end of tomorrow in one's own zone; others take over at once."""
    viewer = viewer_of(request)
    absence_id = actions.report_ill(
        user_id=viewer.user_id, zone=viewer.time_zone, now=utc_now(), actor=viewer.actor
    )
    return Status(201, absence_boards.absence_line(viewer, absence_id))


@router.put("/absences/{int:absence_id}", response=AbsenceOut, auth=api_auth(Permission.OWN))
def change_absence(
    request: HttpRequest, absence_id: int, body: AbsenceTimesIn
) -> absence_boards.AbsenceLine:
    """Change an absence that is not over; its stand-ins follow."""
    viewer = viewer_of(request)
    absence_boards.check_may_change(viewer, queries.absence(absence_id).user_id)
    actions.change_absence(absence_id=absence_id, **body.dict(), now=utc_now(), actor=viewer.actor)
    return absence_boards.absence_line(viewer, absence_id)


@router.delete("/absences/{int:absence_id}", response={204: None}, auth=api_auth(Permission.OWN))
def cancel_absence(request: HttpRequest, absence_id: int) -> Status[None]:
    """End an absence now; those who stood in are released."""
    viewer = viewer_of(request)
    absence_boards.check_may_change(viewer, queries.absence(absence_id).user_id)
    actions.cancel_absence(absence_id=absence_id, now=utc_now(), actor=viewer.actor)
    return Status(204, None)


@router.get("/absence-feeds", response=AbsenceFeedsOut, auth=api_auth(Permission.OWN))
def list_absence_feeds(request: HttpRequest) -> dict[str, Any]:
    """The calendars of oneself and of the teams one manages, without their addresses."""
    return {"items": absence_boards.feeds_shown(viewer_of(request)), "next": None}


@router.post("/absence-feeds", response={201: AbsenceFeedOut}, auth=api_auth(Permission.OWN))
def add_absence_feed(request: HttpRequest, body: AbsenceFeedIn) -> Status[queries.AbsenceFeed]:
    """Have absences read from an iCal address every ten minutes."""
    viewer = viewer_of(request)
    if body.team_id is not None:
        viewer.check(Permission.MANAGE, team_id=body.team_id)
    calendar_id = actions.add_calendar(
        user_id=viewer.user_id if body.team_id is None else None,
        **body.dict(),
        now=utc_now(),
        actor=viewer.actor,
    )
    return Status(201, queries.absence_feed(calendar_id))


@router.delete("/absence-feeds/{int:feed_id}", response={204: None}, auth=api_auth(Permission.OWN))
def remove_absence_feed(request: HttpRequest, feed_id: int) -> Status[None]:
    """Forget the address; the absences it told are over."""
    viewer = viewer_of(request)
    absence_boards.check_may_change_feed(viewer, queries.absence_feed(feed_id))
    actions.remove_calendar(calendar_id=feed_id, now=utc_now(), actor=viewer.actor)
    return Status(204, None)


@router.post(
    "/rotas/{int:rota_id}/take-pager",
    response={201: OverrideOut},
    auth=api_auth(Permission.RESPOND),
)
def take_pager(
    request: HttpRequest, rota_id: int, body: TakePagerIn
) -> Status[queries.OverrideView]:
    """Take the running duty over; pages that nobody answered follow."""
    viewer, rota = viewer_of(request), queries.rota(rota_id)
    viewer.check(Permission.RESPOND, team_id=rota.team_id)
    override_id = actions.take_duty(
        rota_id=rota_id,
        user_id=viewer.user_id,
        hours=body.hours,
        now=utc_now(),
        actor=viewer.actor,
    )
    return Status(201, queries.override(rota_id, override_id))
