"""Calendars, targets, teams and the report over the API."""

from datetime import timedelta
from typing import Annotated, Any

from django.http import HttpRequest
from django.urls import reverse
from ninja import Query, Status

from evenfall.identity import queries as identity_queries
from evenfall.identity.access import api_auth
from evenfall.identity.permissions import Permission
from evenfall.notifications import queries as notifications_queries
from evenfall.platform.clock import utc_now
from evenfall.triage import actions, contexts, queries
from evenfall.triage.api import schemas, week_schemas
from evenfall.triage.api.routing import router
from evenfall.triage.logic.priority import Priority
from evenfall.triage.queries import CalendarView, TargetsView, TeamReviewView

_VIEW = api_auth(Permission.VIEW)
_MANAGE = api_auth(Permission.MANAGE)
_TEAM = "/triage/teams/{int:team_id}"


@router.get("/triage/calendars", response=schemas.BusinessCalendarsOut, auth=_VIEW)
def list_calendars(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """The business hours, by name."""
    return {"items": queries.calendars()}


@router.post("/triage/calendars", response={201: schemas.BusinessCalendarOut}, auth=_MANAGE)
def add_calendar(request: HttpRequest, body: schemas.BusinessCalendarIn) -> Status[CalendarView]:
    """Make a calendar that teams can choose."""
    viewer = contexts.manager_of(request, None)
    number = actions.set_calendar(
        calendar_id=None, wish=body.wish(), now=utc_now(), actor=viewer.actor
    )
    return Status(201, queries.calendar(number))


@router.put(
    "/triage/calendars/{int:business_calendar_id}",
    response=schemas.BusinessCalendarOut,
    auth=_MANAGE,
)
def change_calendar(
    request: HttpRequest, business_calendar_id: int, body: schemas.BusinessCalendarIn
) -> CalendarView:
    """Give it another version from now on; what has passed stays measured as it was."""
    viewer = contexts.manager_of(request, None)
    actions.set_calendar(
        calendar_id=business_calendar_id, wish=body.wish(), now=utc_now(), actor=viewer.actor
    )
    return queries.calendar(business_calendar_id)


@router.get("/triage/targets", response=schemas.TargetsListOut, auth=_VIEW)
def list_targets(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """What is promised for each priority."""
    return {"items": queries.targets(now=utc_now())}


@router.put("/triage/targets/{priority}", response=schemas.TargetsOut, auth=_MANAGE)
def set_targets(request: HttpRequest, priority: Priority, body: schemas.TargetsIn) -> TargetsView:
    """Promise something else to whatever is reported from now on."""
    viewer, now = contexts.manager_of(request, None), utc_now()
    actions.set_targets(priority=priority, wish=body.wish(), now=now, actor=viewer.actor)
    return next(one for one in queries.targets(now=now) if one.priority is priority)


@router.get(_TEAM, response=schemas.TeamReviewOut, auth=_VIEW)
def get_team_review(request: HttpRequest, team_id: int) -> TeamReviewView:  # noqa: ARG001 - ninja passes it
    """How a team reviews."""
    identity_queries.team(team_id)
    return queries.team_review(team_id)


@router.put(_TEAM, response=schemas.TeamReviewOut, auth=_MANAGE)
def set_team_review(
    request: HttpRequest, team_id: int, body: schemas.TeamReviewIn
) -> TeamReviewView:
    """Say by which calendar it works from now on, and its limits."""
    viewer = contexts.manager_of(request, team_id)
    actions.set_team_review(team_id=team_id, wish=body.wish(), now=utc_now(), actor=viewer.actor)
    return queries.team_review(team_id)


@router.post(f"{_TEAM}/intake", response={201: schemas.IntakeOut}, auth=_MANAGE)
def open_team_intake(request: HttpRequest, team_id: int) -> Status[dict[str, str]]:
    """Open a form without sign-in at a new secret address; an older one ends."""
    viewer = contexts.manager_of(request, team_id)
    secret = actions.open_intake(team_id=team_id, now=utc_now(), actor=viewer.actor)
    address = notifications_queries.absolute(reverse("triage:public", args=[secret]))
    return Status(201, {"address": address})


@router.delete(f"{_TEAM}/intake", response={204: None}, auth=_MANAGE)
def close_team_intake(request: HttpRequest, team_id: int) -> Status[None]:
    """Close the form."""
    viewer = contexts.manager_of(request, team_id)
    actions.close_intake(team_id=team_id, now=utc_now(), actor=viewer.actor)
    return Status(204, None)


@router.get(f"{_TEAM}/skills", response=week_schemas.TeamSkillsOut, auth=_VIEW)
def list_team_skills(request: HttpRequest, team_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """What each member can."""
    identity_queries.team(team_id)
    return {"items": queries.skills_of_team(team_id)}


@router.put(f"{_TEAM}/skills", response=week_schemas.TeamSkillsOut, auth=_MANAGE)
def set_team_skills(
    request: HttpRequest, team_id: int, body: week_schemas.TeamSkillsIn
) -> dict[str, Any]:
    """Say what some members can; items that want a skill wait for somebody who has it."""
    viewer = contexts.manager_of(request, team_id)
    skills = {one.user_id: one.skills for one in body.people}
    actions.set_skills(team_id=team_id, skills=skills, now=utc_now(), actor=viewer.actor)
    return {"items": queries.skills_of_team(team_id)}


@router.get(f"{_TEAM}/week", response=week_schemas.TriageWeekOut, auth=_VIEW)
def get_team_week(request: HttpRequest, team_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """Who has how many hours this week, what fits, and the first that does not."""
    identity_queries.team(team_id)
    return week_schemas.week_of(contexts.week_of(team_id, now=utc_now()))


@router.get("/triage/report", response=schemas.TriageReportOut, auth=_VIEW)
def get_triage_report(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    team_id: int | None = None,
    weeks: Annotated[int, Query(ge=1, le=520)] = 13,
) -> dict[str, Any]:
    """Promises kept and broken to what was reported in the last weeks, with medians and their n."""
    now = utc_now()
    found = queries.report(team_id=team_id, since=now - timedelta(weeks=weeks), until=now, now=now)
    weekly = queries.flow(team_id=team_id, since=found.since, until=now)
    return schemas.report_of(found, weekly, queries.ages(team_id=team_id, now=now))
