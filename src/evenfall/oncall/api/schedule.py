"""Who is on call from when until when, with contacts, and what is wrong with the weeks ahead."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from msgspec.structs import asdict
from ninja import Query, Router, Schema
from pydantic import AwareDatetime

from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.oncall import queries
from evenfall.oncall.api.schemas import ContactOut, Id, RotaOut
from evenfall.oncall.logic.checks_ahead import Trouble, Weight
from evenfall.oncall.logic.spec import Role
from evenfall.platform.clock import utc_now
from evenfall.platform.tables import csv_text

router = Router()
CSV_RESPONSE = {"responses": {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}}
COLUMNS = ("rota", "role", "name", "starts_at", "ends_at", "email", "contacts", "why")
DEFAULT = timedelta(weeks=1)


class ScheduleQuery(Schema):
    """Times with a zone; without `until` one week. Narrowed by a rota, a team, a person."""

    starts_at: Annotated[AwareDatetime | None, Query(alias="from")] = None
    ends_at: Annotated[AwareDatetime | None, Query(alias="until")] = None
    rota_id: Id | None = None
    team_id: Id | None = None
    user_id: Id | None = None


class ScheduleLineOut(Schema):
    rota: RotaOut
    role: Role
    user_id: int
    name: str
    starts_at: datetime
    ends_at: datetime
    why: str
    email: str | None
    """None, as `contacts`, where you may not see it: that takes a responder of the team."""
    contacts: list[ContactOut] | None


class ScheduleLinesOut(Schema):
    starts_at: datetime
    ends_at: datetime
    items: list[ScheduleLineOut]


class TimesOut(Schema):
    starts_at: datetime
    ends_at: datetime


class TroubleOut(Schema):
    trouble: Trouble
    weight: Weight
    rota: RotaOut
    role: Role
    user_id: int | None
    person: str
    other_rota: RotaOut | None
    times: list[TimesOut]
    why: str


class UncoveredOut(Schema):
    service_id: int
    slug: str
    name: str
    team_id: int
    team: str
    starts_at: datetime | None
    """When nobody covers it for the first time; None for never covered."""


class AheadOut(Schema):
    troubles: list[TroubleOut]
    uncovered_services: list[UncoveredOut]


@router.get("/oncall/schedule", response=ScheduleLinesOut, auth=api_auth(Permission.VIEW))
def who_is_on_call_when(
    request: HttpRequest, asked: Query[ScheduleQuery]
) -> dict[str, Any] | HttpResponse:
    """Who is on call from when until when, with contacts; as CSV for `Accept: text/csv`.

    Without times: the coming week. At most 400 days of one rota, or 100 days of several.
    """
    found = _lines(request, asked)
    wants_csv = request.get_preferred_type(["application/json", "text/csv"]) == "text/csv"
    return _csv(found["items"]) if wants_csv else found


@router.get("/oncall/schedule.csv", auth=api_auth(Permission.VIEW), openapi_extra=CSV_RESPONSE)
def who_is_on_call_when_csv(request: HttpRequest, asked: Query[ScheduleQuery]) -> HttpResponse:
    """The same as a table for spreadsheets."""
    return _csv(_lines(request, asked)["items"])


@router.get("/oncall/ahead", response=AheadOut, auth=api_auth(Permission.VIEW))
def what_is_wrong_ahead(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    team_id: Id | None = None,
) -> dict[str, Any]:
    """Gaps, clashes and unreachable people of six weeks, and services nobody covers."""
    found = queries.weeks_ahead(now=utc_now())
    return {
        "troubles": [
            asdict(one) | {"times": [TimesOut(starts_at=s, ends_at=e) for s, e in one.times]}
            for one in found.troubles
            if team_id in {None, one.rota.team_id}
        ],
        "uncovered_services": [one for one in found.services if team_id in {None, one.team_id}],
    }


def _lines(request: HttpRequest, asked: ScheduleQuery) -> dict[str, Any]:
    viewer = viewer_of(request)
    starts_at = asked.starts_at or utc_now()
    ends_at = asked.ends_at or starts_at + DEFAULT
    shown = queries.rotas() if asked.rota_id is None else [queries.rota(asked.rota_id)]
    shown = [rota for rota in shown if asked.team_id in {None, rota.team_id}]
    lines = queries.schedule_lines(
        shown,
        starts_at=starts_at,
        ends_at=ends_at,
        user_id=asked.user_id,
        may_see_contacts=lambda team_id: viewer.can(Permission.RESPOND, team_id=team_id),
    )
    return {"starts_at": starts_at, "ends_at": ends_at, "items": lines}


def _csv(lines: list[queries.ScheduleLine]) -> HttpResponse:
    rows = (
        (
            line.rota.name,
            line.role.value,
            line.name,
            line.starts_at.isoformat(),
            line.ends_at.isoformat(),
            line.email or "",
            " ".join(contact.address for contact in line.contacts or ()),
            line.why,
        )
        for line in lines
    )
    answer = HttpResponse(csv_text(COLUMNS, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="on-call.csv"'
    return answer
