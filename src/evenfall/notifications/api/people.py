"""One's own contact methods and inbox, and what was sent when."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema, Status

from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.notifications import actions, queries
from evenfall.platform.clock import utc_now

router = Router(tags=["notifications"])


class ContactMethodOut(Schema):
    id: int
    kind: str
    label: str
    address: str
    state: Literal["verified", "unverified", "broken"]
    is_primary: bool
    broken_reason: str
    created_at: datetime
    verified_at: datetime | None
    last_accepted_at: datetime | None
    last_seen_at: datetime | None
    """When the device last opened Evenfall, for kinds with devices."""
    check_state: Literal["", "asked", "works", "silent"]
    check_asked_at: datetime | None
    check_answered_at: datetime | None


class ContactMethodNameIn(Schema):
    label: str


class ContactMethodsOut(Schema):
    items: list[ContactMethodOut]
    next: str | None


class NewContactMethodIn(Schema):
    kind: str
    """One of those that `GET /contact-methods/kinds` lists."""
    address: str
    secret: str = ""
    """An access token or the like that belongs to the address, for kinds that take one."""
    label: str = ""


class NewContactMethodOut(ContactMethodOut):
    secret: str
    """The key that signs a web hook; shown this once. Empty for other kinds."""


class KindOut(Schema):
    kind: str
    label: str
    help: str
    proof: Literal["code", "challenge"]


class KindsOut(Schema):
    items: list[KindOut]
    next: str | None


class CodeIn(Schema):
    code: str


class NoticeOut(Schema):
    id: int
    user_id: int
    subject: str
    purpose: str
    kind: str
    urgency: str
    state: str
    reason: str
    title: str
    lines: list[str]
    url: str
    severity: str
    attempts: int
    provider_id: str
    planned_at: datetime
    due_at: datetime
    handed_over_at: datetime | None
    accepted_at: datetime | None
    finished_at: datetime | None
    read_at: datetime | None


class NoticesOut(Schema):
    items: list[NoticeOut]
    next: str | None


class TestIn(Schema):
    contact_method_id: int | None = None
    """Left out: every contact method that works, and the inbox."""


class PlannedOut(Schema):
    notice_ids: list[int]


@router.get("/contact-methods", response=ContactMethodsOut, auth=api_auth(Permission.OWN))
def list_contact_methods(request: HttpRequest) -> dict[str, Any]:
    """Your contact methods."""
    return {"items": queries.contact_methods(viewer_of(request).user_id), "next": None}


@router.get("/contact-methods/kinds", response=KindsOut, auth=api_auth(Permission.OWN))
def list_contact_method_kinds(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """The kinds of which you can add an address now."""
    items = [
        {"kind": one.kind, "label": one.label, "help": one.address_field.help, "proof": one.proof}
        for one in queries.addable_now()
    ]
    return {"items": items, "next": None}


@router.post("/contact-methods", response={201: NewContactMethodOut}, auth=api_auth(Permission.OWN))
def add_contact_method(request: HttpRequest, body: NewContactMethodIn) -> Status[dict[str, Any]]:
    """Add an address of one kind. A code or a challenge goes there at once."""
    viewer = viewer_of(request)
    method_id, secret = actions.add_contact_method(
        user_id=viewer.user_id,
        kind=body.kind,
        address=body.address,
        secret=body.secret,
        label=body.label,
        actor=viewer.actor,
        now=utc_now(),
    )
    made = queries.contact_method_of(contact_method_id=method_id, user_id=viewer.user_id)
    return Status(201, {**ContactMethodOut.from_orm(made).dict(), "secret": secret})


@router.patch(
    "/contact-methods/{int:contact_method_id}",
    response=ContactMethodOut,
    auth=api_auth(Permission.OWN),
)
def rename_contact_method(
    request: HttpRequest, contact_method_id: int, body: ContactMethodNameIn
) -> queries.ContactMethodView:
    """Give a contact method a name that you recognise."""
    viewer = viewer_of(request)
    actions.rename_contact_method(
        contact_method_id=contact_method_id,
        user_id=viewer.user_id,
        label=body.label,
        actor=viewer.actor,
        now=utc_now(),
    )
    return queries.contact_method_of(contact_method_id=contact_method_id, user_id=viewer.user_id)


@router.post(
    "/contact-methods/{int:contact_method_id}/check",
    response={202: PlannedOut},
    auth=api_auth(Permission.OWN),
)
def check_device(request: HttpRequest, contact_method_id: int) -> Status[dict[str, Any]]:
    """Ask a device silently whether push messages reach it; see `check_state` afterwards."""
    ids = actions.check_device(
        contact_method_id=contact_method_id, user_id=viewer_of(request).user_id, now=utc_now()
    )
    return Status(202, {"notice_ids": ids})


@router.post(
    "/contact-methods/{int:contact_method_id}/verify",
    response=ContactMethodOut,
    auth=api_auth(Permission.OWN),
)
def verify_contact_method(
    request: HttpRequest, contact_method_id: int, body: CodeIn
) -> queries.ContactMethodView:
    """Send back the code that was received."""
    user_id = viewer_of(request).user_id
    actions.verify(
        contact_method_id=contact_method_id, user_id=user_id, answer=body.code, now=utc_now()
    )
    return queries.contact_method_of(contact_method_id=contact_method_id, user_id=user_id)


@router.post(
    "/contact-methods/{int:contact_method_id}/twin",
    response={201: ContactMethodOut},
    auth=api_auth(Permission.OWN),
)
def add_twin(request: HttpRequest, contact_method_id: int) -> Status[queries.ContactMethodView]:
    """Use a proved number for calls as well as text messages, or the other way round."""
    user_id = viewer_of(request).user_id
    made = actions.add_twin(contact_method_id=contact_method_id, user_id=user_id, now=utc_now())
    return Status(201, queries.contact_method_of(contact_method_id=made, user_id=user_id))


@router.post(
    "/contact-methods/{int:contact_method_id}/ask",
    response={202: PlannedOut},
    auth=api_auth(Permission.OWN),
)
def ask_verification(request: HttpRequest, contact_method_id: int) -> Status[dict[str, Any]]:
    """Send a new code or challenge; the old one is void."""
    notice_id = actions.ask_verification(
        contact_method_id=contact_method_id, user_id=viewer_of(request).user_id, now=utc_now()
    )
    return Status(202, {"notice_ids": [notice_id]})


@router.post(
    "/contact-methods/{int:contact_method_id}/primary",
    response=ContactMethodOut,
    auth=api_auth(Permission.OWN),
)
def make_primary(request: HttpRequest, contact_method_id: int) -> queries.ContactMethodView:
    """Send what is not urgent to this one only, among those of its kind."""
    viewer = viewer_of(request)
    actions.make_primary(
        contact_method_id=contact_method_id,
        user_id=viewer.user_id,
        actor=viewer.actor,
        now=utc_now(),
    )
    return queries.contact_method_of(contact_method_id=contact_method_id, user_id=viewer.user_id)


@router.delete(
    "/contact-methods/{int:contact_method_id}",
    response={204: None},
    auth=api_auth(Permission.OWN),
)
def remove_contact_method(request: HttpRequest, contact_method_id: int) -> Status[None]:
    """Remove a contact method and cancel what waits for it."""
    viewer = viewer_of(request)
    actions.remove_contact_method(
        contact_method_id=contact_method_id,
        user_id=viewer.user_id,
        actor=viewer.actor,
        now=utc_now(),
    )
    return Status(204, None)


@router.get("/inbox", response=NoticesOut, auth=api_auth(Permission.OWN))
def list_inbox(request: HttpRequest, cursor: str | None = None) -> dict[str, Any]:
    """What was sent to you, newest first."""
    page = queries.inbox(user_id=viewer_of(request).user_id, now=utc_now(), cursor=cursor)
    return {"items": page.items, "next": page.next_cursor}


@router.get("/notices", response=NoticesOut, auth=api_auth(Permission.VIEW))
def list_notices(request: HttpRequest, subject: str) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """Every notice of a page, oldest first: who was told, how, and what became of it."""
    return {"items": queries.notices_of_pages(subject), "next": None}


@router.post("/notices/test", response={202: PlannedOut}, auth=api_auth(Permission.OWN))
def send_test_page(request: HttpRequest, body: TestIn) -> Status[dict[str, Any]]:
    """Send yourself a test page, the same way as a real one."""
    ids = actions.send_test(
        user_id=viewer_of(request).user_id,
        contact_method_id=body.contact_method_id,
        now=utc_now(),
    )
    return Status(202, {"notice_ids": ids})
