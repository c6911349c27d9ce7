"""Images and documents of a post-mortem over the API."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Schema, Status

from evenfall.identity.access import api_auth
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.platform.files import Upload, answer
from evenfall.postmortems import actions, queries
from evenfall.postmortems.api.routing import router
from evenfall.postmortems.contexts import writer_of
from evenfall.postmortems.queries import AttachmentView

_VIEW = api_auth(Permission.VIEW)
_RESPOND = api_auth(Permission.RESPOND)
_ALL = "/postmortems/{int:postmortem_id}/attachments"
_ONE = f"{_ALL}/{{int:attachment_id}}"
_FILE = {"schema": {"type": "string", "format": "binary"}}
_BODY = {
    "requestBody": {
        "required": True,
        "description": "The bytes of one file of at most 5 MB: PNG, JPEG, WebP, GIF, PDF, a text "
        "in UTF-8, an office document or a ZIP archive.",
        "content": {"application/octet-stream": _FILE},
    }
}


class AttachmentOut(Schema):
    id: int
    name: str
    content_type: str
    """What its bytes are, never what the sender said."""
    size: int
    width: int
    height: int
    is_public: bool
    """Whether readers of the public text see it."""
    mark: str
    """What shows it in a text."""
    author: str
    attached_at: datetime
    removed_by: str
    removed_at: datetime | None
    """What was removed has no bytes any more."""


class AttachmentsOut(Schema):
    items: list[AttachmentOut]
    next: str | None = None


class AttachmentIn(Schema):
    is_public: bool


@router.get(_ALL, response=AttachmentsOut, auth=_VIEW)
def list_attachments(request: HttpRequest, postmortem_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """What is kept, oldest first, then what was removed."""
    queries.postmortem(postmortem_id)
    return {"items": queries.attachments(postmortem_id)}


@router.post(_ALL, response={201: AttachmentOut}, auth=_RESPOND, openapi_extra=_BODY)
def attach_file(
    request: HttpRequest, postmortem_id: int, name: str = "file"
) -> Status[AttachmentView]:
    """Keep a copy of a file; the body is the file itself. The same one is not kept twice."""
    viewer = writer_of(request, postmortem_id)
    numbers = actions.attach_files(
        postmortem_id=postmortem_id,
        files=[Upload(name=name, body=request.body)],
        now=utc_now(),
        actor=viewer.actor,
    )
    return Status(201, queries.attachment(postmortem_id, numbers[0]))


@router.get(_ONE, response=AttachmentOut, auth=_VIEW)
def get_attachment(request: HttpRequest, postmortem_id: int, attachment_id: int) -> AttachmentView:  # noqa: ARG001 - ninja passes it
    """One file without its bytes."""
    return queries.attachment(postmortem_id, attachment_id)


@router.get(f"{_ONE}/file", auth=_VIEW)
def get_attachment_file(
    request: HttpRequest, postmortem_id: int, attachment_id: int
) -> HttpResponse:
    """The bytes of a file."""
    return answer(request, queries.attachment_file(postmortem_id, attachment_id))


@router.put(_ONE, response=AttachmentOut, auth=_RESPOND)
def share_attachment(
    request: HttpRequest, postmortem_id: int, attachment_id: int, body: AttachmentIn
) -> AttachmentView:
    """Show it to readers of the public text, or to nobody outside any more."""
    viewer = writer_of(request, postmortem_id)
    actions.share_attachment(
        postmortem_id=postmortem_id,
        attachment_id=attachment_id,
        is_public=body.is_public,
        now=utc_now(),
        actor=viewer.actor,
    )
    return queries.attachment(postmortem_id, attachment_id)


@router.delete(_ONE, response={204: None}, auth=_RESPOND)
def remove_attachment(request: HttpRequest, postmortem_id: int, attachment_id: int) -> Status[None]:
    """Forget the bytes of a file. That it was there, and who removed it, stays."""
    viewer = writer_of(request, postmortem_id)
    actions.remove_attachment(
        postmortem_id=postmortem_id,
        attachment_id=attachment_id,
        now=utc_now(),
        actor=viewer.actor,
    )
    return Status(204, None)
