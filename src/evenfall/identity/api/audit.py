"""The audit, read by programs."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Schema
from pydantic import AwareDatetime

from evenfall.identity import queries
from evenfall.identity.access import api_auth
from evenfall.identity.api.router import router
from evenfall.identity.permissions import Permission


class AuditOut(Schema):
    id: int
    at: datetime
    kind: str
    actor: str
    actor_name: str
    subjects: list[str]
    data: dict[str, Any]


class AuditPageOut(Schema):
    items: list[AuditOut]
    next: int | None


@router.get("/audit", response=AuditPageOut, auth=api_auth(Permission.ADMINISTER))
def list_audit(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    actor: str = "",
    domain: str = "",
    subject: str = "",
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    cursor: int | None = None,
) -> dict[str, Any]:
    """Changes, newest first."""
    wanted = queries.AuditFilter(
        actor=actor, domain=domain, subject=subject, since=since, until=until
    )
    lines, following = queries.audit(wanted, before_id=cursor)
    return {"items": [queries.audit_record(line) for line in lines], "next": following}
