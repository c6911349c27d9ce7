"""The REST API of runbooks. Those of an incident are below /incidents."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from evenfall.catalog import queries as catalog_queries
from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.runbooks import actions, queries
from evenfall.runbooks.api import schemas
from evenfall.runbooks.contexts import filters_of, settler_of, writer_for, written_by
from evenfall.runbooks.logic.diffs import difference
from evenfall.runbooks.logic.documents import pack
from evenfall.runbooks.ports import Outcome, Owner
from evenfall.runbooks.queries import FolderView, RunbookView, VersionText, VersionView

router = Router(tags=["runbooks"])
_VIEW = api_auth(Permission.VIEW)
_RESPOND = api_auth(Permission.RESPOND)
_MANAGE = api_auth(Permission.MANAGE)
_ONE = "/runbooks/{slug:runbook}"
_ZIP = {
    "requestBody": {
        "required": True,
        "description": "A zip of Markdown files.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.get("/runbooks", response=schemas.RunbooksOut, auth=_VIEW)
def list_runbooks(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    q: str = "",
    show: str = "",
    owner: str = "",
    tag: str = "",
    cursor: str | None = None,
) -> dict[str, Any]:
    """Runbooks by title; with `q` the best fifty that have all its words.

    `show` is all, stale, unlinked or archived; `owner` is "team:3" or "user:5".
    """
    now, filters = utc_now(), filters_of({"show": show, "owner": owner, "tag": tag})
    if q.strip():
        found = queries.search(q, filters, now=now)
        return {"items": [one.runbook for one in found], "next": None}
    page = queries.runbooks_page(filters, now=now, cursor=cursor)
    return {"items": queries.runbook_views(page.items, now=now), "next": page.next_cursor}


@router.post("/runbooks", response={201: schemas.RunbookOut}, auth=_RESPOND)
def create_runbook(request: HttpRequest, body: schemas.RunbookIn) -> Status[RunbookView]:
    """Write a runbook; its slug is made from the title."""
    wish, now = _wish(body), utc_now()
    viewer = writer_for(request, wish.owner)
    number = actions.create_runbook(wish=wish, now=now, actor=viewer.actor)
    return Status(201, queries.runbook(number, now=now))


@router.get(
    "/runbooks/export",
    auth=_VIEW,
    openapi_extra={"responses": {200: {"description": "A zip of Markdown files"}}},
)
def export_runbooks(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - ninja passes it
    """Everything as a zip of Markdown files with front matter, which can be imported again."""
    return HttpResponse(pack(queries.documents_of_all()), content_type="application/zip")


@router.get("/runbooks/missing", response=schemas.MissingRunbooksOut, auth=_VIEW)
def list_missing_runbooks(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """What people looked for and nobody wrote yet, newest first."""
    return {"items": queries.missing()}


@router.post("/runbooks/missing", response={201: schemas.MissingRunbookOut}, auth=_RESPOND)
def report_missing_runbook(
    request: HttpRequest, body: schemas.MissingRunbookIn
) -> Status[queries.UseView]:
    """Say that a runbook is missing."""
    service = catalog_queries.service_by_slug(body.service).id if body.service else None
    number = actions.report_missing(
        text=body.text, service_id=service, now=utc_now(), actor=viewer_of(request).actor
    )
    return Status(201, queries.missing_one(number))


@router.delete("/runbooks/missing/{int:use_id}", response={204: None}, auth=_RESPOND)
def settle_missing_runbook(request: HttpRequest, use_id: int) -> Status[None]:
    """Take it off the list: written, or not wanted any more."""
    viewer = settler_of(request, use_id)
    actions.settle_missing(use_id=use_id, now=utc_now(), actor=viewer.actor)
    return Status(204, None)


@router.post(
    "/runbooks/imports", response={201: schemas.RunbookFolderOut}, auth=_MANAGE, openapi_extra=_ZIP
)
def upload_runbooks(request: HttpRequest, name: str, team_id: int) -> Status[FolderView]:
    """Send a folder as the body; answers what importing it would do. Nothing changes yet."""
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE, team_id=team_id)
    number = actions.receive_folder(
        name=name, team_id=team_id, body=request.body, now=utc_now(), actor=viewer.actor
    )
    return Status(201, queries.folder(number))


@router.get("/runbooks/imports/{int:folder_id}", response=schemas.RunbookFolderOut, auth=_MANAGE)
def get_runbook_import(request: HttpRequest, folder_id: int) -> FolderView:
    """What an import would do, or did."""
    found = queries.folder(folder_id)
    viewer_of(request).check(Permission.MANAGE, team_id=found.team_id)
    return found


@router.post(
    "/runbooks/imports/{int:folder_id}/run", response=schemas.RunbookFolderOut, auth=_MANAGE
)
def run_runbook_import(
    request: HttpRequest, folder_id: int, body: schemas.RunbookImportIn
) -> FolderView:
    """Do what the report says."""
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE, team_id=queries.folder(folder_id).team_id)
    actions.import_folder(folder_id=folder_id, viewer=viewer, archives=body.archive, now=utc_now())
    return queries.folder(folder_id)


@router.get(_ONE, response=schemas.RunbookOut, auth=_VIEW)
def get_runbook(request: HttpRequest, runbook: str) -> RunbookView:  # noqa: ARG001 - ninja passes it
    """One runbook as it is now."""
    return queries.runbook_by_slug(runbook, now=utc_now())


@router.put(_ONE, response=schemas.RunbookOut, auth=_RESPOND)
def save_runbook(request: HttpRequest, runbook: str, body: schemas.RunbookSaveIn) -> RunbookView:
    """Save a new version. 409 when `base` is not the newest: merge, then save on that."""
    viewer, found = written_by(request, runbook)
    wish, now = _wish(body), utc_now()
    if wish.owner != found.owner:
        writer_for(request, wish.owner)
    actions.save_runbook(
        runbook_id=found.id, base=body.base, wish=wish, now=now, actor=viewer.actor
    )
    return queries.runbook(found.id, now=now)


@router.post(f"{_ONE}/merge", response=schemas.RunbookMergeOut, auth=_RESPOND)
def merge_runbook(
    request: HttpRequest, runbook: str, body: schemas.RunbookMergeIn
) -> dict[str, Any]:
    """Put a text that was written on an old version together with the newest; saves nothing."""
    _, found = written_by(request, runbook)
    merged = queries.proposal(runbook_id=found.id, base=body.base, text=body.text)
    return {"text": merged.text, "clashes": merged.clashes, "number": found.number}


@router.post(f"{_ONE}/archive", response=schemas.RunbookOut, auth=_RESPOND)
def archive_runbook(request: HttpRequest, runbook: str) -> RunbookView:
    """Take it out of lists and incidents; its versions stay."""
    viewer, found = written_by(request, runbook)
    actions.archive_runbook(runbook_id=found.id, now=utc_now(), actor=viewer.actor)
    return queries.runbook(found.id, now=utc_now())


@router.post(f"{_ONE}/restore", response=schemas.RunbookOut, auth=_RESPOND)
def restore_runbook(request: HttpRequest, runbook: str) -> RunbookView:
    """Bring an archived runbook back."""
    viewer, found = written_by(request, runbook)
    actions.restore_runbook(runbook_id=found.id, now=utc_now(), actor=viewer.actor)
    return queries.runbook(found.id, now=utc_now())


@router.get(f"{_ONE}/versions", response=schemas.RunbookVersionsOut, auth=_VIEW)
def list_runbook_versions(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    runbook: str,
) -> dict[str, Sequence[VersionView]]:
    """All versions, newest first."""
    found = queries.runbook_by_slug(runbook, now=utc_now())
    return {"items": queries.versions(found.id)}


@router.get(f"{_ONE}/versions/{{int:number}}", response=schemas.RunbookTextOut, auth=_VIEW)
def get_runbook_version(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    runbook: str,
    number: int,
) -> VersionText:
    """One text as it was."""
    found = queries.runbook_by_slug(runbook, now=utc_now())
    return queries.version(found.id, number)


@router.get(f"{_ONE}/versions/{{int:number}}/changes", response=schemas.RunbookDiffOut, auth=_VIEW)
def get_runbook_changes(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    runbook: str,
    number: int,
    since: int | None = None,
) -> dict[str, Any]:
    """What changed in the text since the version before, or since another one."""
    found = queries.runbook_by_slug(runbook, now=utc_now())
    after = queries.version(found.id, number)
    before = queries.version(found.id, max(number - 1, 1) if since is None else since)
    return {"items": difference(before.text, after.text)}


@router.get(f"{_ONE}/links", response=schemas.RunbookLinks, auth=_VIEW)
def get_runbook_links(request: HttpRequest, runbook: str) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """The services and alerts it is for."""
    return _links(queries.runbook_by_slug(runbook, now=utc_now()))


@router.put(f"{_ONE}/links", response=schemas.RunbookLinks, auth=_RESPOND)
def set_runbook_links(
    request: HttpRequest, runbook: str, body: schemas.RunbookLinks
) -> dict[str, Any]:
    """Tie it to these services and alerts, and to no others."""
    viewer, found = written_by(request, runbook)
    ids = [catalog_queries.service_by_slug(slug).id for slug in body.services]
    actions.set_links(
        runbook_id=found.id,
        service_ids=ids,
        alerts=body.alerts,
        now=utc_now(),
        actor=viewer.actor,
    )
    return _links(found)


@router.post(f"{_ONE}/uses", response=schemas.RunbookOut, auth=_RESPOND)
def report_runbook_use(
    request: HttpRequest, runbook: str, body: schemas.RunbookReportIn
) -> RunbookView:
    """Say that it helped, or what is wrong in it. Any responder may."""
    found = queries.runbook_by_slug(runbook, now=utc_now())
    actions.record_use(
        runbook_id=found.id,
        outcome=Outcome.HELPED if body.helped else Outcome.WRONG,
        text=body.text,
        now=utc_now(),
        actor=viewer_of(request).actor,
    )
    return queries.runbook(found.id, now=utc_now())


def _wish(body: schemas.RunbookIn) -> actions.RunbookWish:
    return actions.RunbookWish(
        title=body.title,
        text=body.text,
        tags=body.tags,
        owner=Owner(team_id=body.owner.team_id, user_id=body.owner.user_id),
        summary=body.summary,
    )


def _links(found: RunbookView) -> dict[str, Any]:
    now = queries.links(found.id)
    return {"services": [one.slug for one in now.services], "alerts": list(now.alerts)}
