"""The REST API of importing: send an export, read its report and its comparison, run it."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status

from evenfall.identity import queries as identity_queries
from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.importing import actions, queries
from evenfall.platform.clock import utc_now

router = Router(tags=["importing"])
_FILE = {
    "requestBody": {
        "required": True,
        "description": "The export: JSON, or a zip of JSON files.",
        "content": {
            "application/json": {"schema": {"type": "object"}},
            "application/zip": {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


class ImportedPersonOut(Schema):
    """`state` is matched, inactive, missing (invite them), invited or no_address."""

    name: str
    email: str
    user_id: int | None
    state: str


class ImportedRotaOut(Schema):
    """`step` is create, update, same or refused; `own_id` names the rota that exists.

    `deleted_overrides` is how many of an earlier import a run ends: the other tool has them no
    more.
    """

    name: str
    step: str
    own_id: int | None
    team: str
    time_zone: str
    layers: int
    people: int
    overrides: int
    deleted_overrides: int


class ImportedPolicyOut(Schema):
    name: str
    step: str
    own_id: int | None
    steps: int
    rounds: int


class FindingOut(Schema):
    """`severity` is cannot, approximated or ignored; `where` is a path inside the export."""

    severity: str
    where: str
    about: str
    why: str
    todo: str


class DifferenceOut(Schema):
    starts_at: datetime
    ends_at: datetime
    theirs: str
    ours: str
    hours: float


class ComparedOut(Schema):
    """Whom the old tool would page and whom we would; `is_live` when our saved rotas were asked."""

    name: str
    time_zone: str
    is_live: bool
    starts_at: datetime
    ends_at: datetime
    hours: float
    hours_of_difference: float
    differences: list[DifferenceOut]


class ReportOut(Schema):
    id: int
    vendor: str
    team_id: int
    file_name: str
    created_at: datetime
    imported_at: datetime | None
    people: list[ImportedPersonOut]
    rotas: list[ImportedRotaOut]
    policies: list[ImportedPolicyOut]
    findings: list[FindingOut]
    comparisons: list[ComparedOut]


class ComparisonOut(Schema):
    items: list[ComparedOut]


@router.post(
    "/imports",
    response={201: ReportOut},
    auth=api_auth(Permission.MANAGE),
    openapi_extra=_FILE,
)
def create_import(
    request: HttpRequest, vendor: str, team_id: int, *, dry_run: bool = True
) -> Status[dict[str, Any]]:
    """Send an export. With `dry_run` nothing but the upload is saved; look at the report first."""
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE, team_id=identity_queries.team(team_id).id)
    upload_id = actions.receive(
        vendor=vendor,
        team_id=team_id,
        file_name="",
        body=request.body,
        now=utc_now(),
        actor=viewer.actor,
    )
    if not dry_run:
        actions.run(upload_id=upload_id, viewer=viewer, now=utc_now())
    return Status(201, _report(upload_id, viewer))


@router.get("/imports/{int:upload_id}", response=ReportOut, auth=api_auth(Permission.MANAGE))
def get_import(request: HttpRequest, upload_id: int) -> dict[str, Any]:
    """The report of an upload as things stand now."""
    return _report(upload_id, _manager(request, upload_id))


@router.post("/imports/{int:upload_id}/run", response=ReportOut, auth=api_auth(Permission.MANAGE))
def run_import(request: HttpRequest, upload_id: int) -> dict[str, Any]:
    """Write what the report shows. Running it again changes nothing."""
    viewer = _manager(request, upload_id)
    actions.run(upload_id=upload_id, viewer=viewer, now=utc_now())
    return _report(upload_id, viewer)


@router.get(
    "/imports/{int:upload_id}/comparison",
    response=ComparisonOut,
    auth=api_auth(Permission.MANAGE),
)
def compare_import(request: HttpRequest, upload_id: int) -> dict[str, Any]:
    """Whom the old tool would page in the next eight weeks, and whom we would."""
    viewer, now = _manager(request, upload_id), utc_now()
    planned = queries.plan(upload_id, viewer=viewer, now=now)
    return {"items": queries.comparisons(planned, now=now)}


def _manager(request: HttpRequest, upload_id: int) -> Viewer:
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE, team_id=queries.upload(upload_id).team_id)
    return viewer


def _report(upload_id: int, viewer: Viewer) -> dict[str, Any]:
    return queries.plain_report(queries.report(upload_id, viewer=viewer, now=utc_now()))
