"""Integrations: keys for tools."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from evenfall.alerting import actions, queries
from evenfall.alerting.actions import IntegrationDraft
from evenfall.alerting.logic.snippets import MAIL
from evenfall.alerting.queries import IntegrationView
from evenfall.catalog.ports import Environment
from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.platform.clock import utc_now
from evenfall.platform.mail_in import address_of

router = Router()


class IntegrationOut(Schema):
    """`key_hint` is the end of the key; the key itself is shown once, when it is made."""

    id: int
    name: str
    kind: str
    key_hint: str
    service_id: int | None
    team_id: int | None
    environment: str
    mapping: dict[str, str]
    has_secret: bool
    is_enabled: bool
    created_at: datetime
    last_signal_at: datetime | None
    last_error: str
    previous_key_until: datetime | None
    live_count: int


class IntegrationsOut(Schema):
    items: list[IntegrationOut]
    next: str | None


class IntegrationIn(Schema):
    name: str = Field(max_length=120)
    kind: str
    """The tool, for example prometheus, grafana or json; all are in the error for a wrong one."""
    service_id: int | None = None
    team_id: int | None = None
    environment: Environment | None = None
    mapping: dict[str, str] = Field(default_factory=dict)
    secret: str | None = Field(default=None, max_length=500)
    """What the sender signs with, such as Sentry's client secret; it is never given out.
    null leaves it as it is, "" takes it away."""
    is_enabled: bool = True


class NewIntegrationOut(Schema):
    integration: IntegrationOut
    key: str
    """Keep it: it is never shown again."""
    address: str = ""
    """Where mails go, for the kind email where mail comes in; the key is in it."""


class KeyOut(Schema):
    key: str
    """Keep it: it is never shown again. The old key works for 7 more days."""
    address: str = ""
    """As in the answer to the making of an integration."""


def _draft(body: IntegrationIn) -> IntegrationDraft:
    return IntegrationDraft(
        name=body.name,
        kind=body.kind,
        service_id=body.service_id,
        team_id=body.team_id,
        environment=body.environment.value if body.environment else "",
        mapping=body.mapping,
        secret=body.secret,
    )


def _managed(request: HttpRequest, integration_id: int) -> Viewer:
    view, viewer = queries.integration(integration_id), viewer_of(request)
    queries.check_managed(viewer, team_id=view.team_id, service_id=view.service_id)
    return viewer


@router.get("/integrations", response=IntegrationsOut, auth=api_auth(Permission.VIEW))
def list_integrations(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    cursor: str | None = None,
) -> dict[str, Any]:
    """Integrations by name."""
    page = queries.integrations_page(cursor=cursor)
    return {"items": page.items, "next": page.next_cursor}


@router.post("/integrations", response={201: NewIntegrationOut}, auth=api_auth(Permission.MANAGE))
def create_integration(request: HttpRequest, body: IntegrationIn) -> Status[dict[str, Any]]:
    viewer = viewer_of(request)
    queries.check_managed(viewer, team_id=body.team_id, service_id=body.service_id)
    number, key = actions.create_integration(draft=_draft(body), now=utc_now(), actor=viewer.actor)
    view = queries.integration(number)
    return Status(201, {"integration": view, "key": key, "address": _address(view, key)})


@router.get(
    "/integrations/{int:integration_id}", response=IntegrationOut, auth=api_auth(Permission.VIEW)
)
def get_integration(request: HttpRequest, integration_id: int) -> IntegrationView:  # noqa: ARG001 - ninja passes it
    return queries.integration(integration_id)


@router.put(
    "/integrations/{int:integration_id}", response=IntegrationOut, auth=api_auth(Permission.MANAGE)
)
def change_integration(
    request: HttpRequest, integration_id: int, body: IntegrationIn
) -> IntegrationView:
    viewer, now = _managed(request, integration_id), utc_now()
    queries.check_managed(viewer, team_id=body.team_id, service_id=body.service_id)
    actions.change_integration(
        integration_id=integration_id, draft=_draft(body), now=now, actor=viewer.actor
    )
    actions.switch_integration(
        integration_id=integration_id, enabled=body.is_enabled, now=now, actor=viewer.actor
    )
    return queries.integration(integration_id)


@router.post(
    "/integrations/{int:integration_id}/rotate", response=KeyOut, auth=api_auth(Permission.MANAGE)
)
def rotate_key(request: HttpRequest, integration_id: int) -> dict[str, str]:
    viewer = _managed(request, integration_id)
    key = actions.rotate_key(integration_id=integration_id, now=utc_now(), actor=viewer.actor)
    return {"key": key, "address": _address(queries.integration(integration_id), key)}


def _address(view: IntegrationView, key: str) -> str:
    return address_of(key) if view.kind == MAIL else ""
