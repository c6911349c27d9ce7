"""Accounts at providers, for administrators."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status

from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.notifications import actions, ports, queries
from evenfall.platform.clock import utc_now

router = Router(tags=["notifications"])


class ProviderOut(Schema):
    id: int
    type: str
    name: str
    channels: list[str]
    settings: dict[str, str]
    """What may be shown; secrets are never returned."""
    position: int
    is_on: bool
    created_at: datetime


class ProvidersOut(Schema):
    items: list[ProviderOut]
    next: str | None


class ProviderFieldOut(Schema):
    name: str
    label: str
    help: str
    is_secret: bool
    is_required: bool


class ProviderTypeOut(Schema):
    type: str
    label: str
    channels: list[str]
    fields: list[ProviderFieldOut]


class ProviderTypesOut(Schema):
    items: list[ProviderTypeOut]
    next: str | None


class ProviderIn(Schema):
    name: str
    values: dict[str, str]
    """By the names of the fields of the type. A secret left out stays as it is."""


class NewProviderIn(ProviderIn):
    type: str


class ProviderSwitchIn(Schema):
    is_on: bool


@router.get("/providers", response=ProvidersOut, auth=api_auth(Permission.ADMINISTER))
def list_providers(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """All accounts, in the order in which they are asked."""
    return {"items": queries.providers(), "next": None}


@router.get("/providers/types", response=ProviderTypesOut, auth=api_auth(Permission.ADMINISTER))
def list_provider_types(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """What can be added, and what it asks for."""
    return {"items": list(ports.provider_types()), "next": None}


@router.post("/providers", response={201: ProviderOut}, auth=api_auth(Permission.ADMINISTER))
def add_provider(request: HttpRequest, body: NewProviderIn) -> Status[queries.ProviderView]:
    """Add an account behind the others."""
    provider_id = actions.add_provider(
        type_name=body.type,
        name=body.name,
        values=body.values,
        now=utc_now(),
        actor=viewer_of(request).actor,
    )
    return Status(201, queries.provider(provider_id))


@router.put(
    "/providers/{int:provider_id}", response=ProviderOut, auth=api_auth(Permission.ADMINISTER)
)
def change_provider(
    request: HttpRequest, provider_id: int, body: ProviderIn
) -> queries.ProviderView:
    """Replace the name and the fields of an account."""
    actions.change_provider(
        provider_id=provider_id,
        name=body.name,
        values=body.values,
        now=utc_now(),
        actor=viewer_of(request).actor,
    )
    return queries.provider(provider_id)


@router.post(
    "/providers/{int:provider_id}/switch",
    response=ProviderOut,
    auth=api_auth(Permission.ADMINISTER),
)
def switch_provider(
    request: HttpRequest, provider_id: int, body: ProviderSwitchIn
) -> queries.ProviderView:
    """Use an account, or stop using it."""
    actions.switch_provider(
        provider_id=provider_id,
        is_on=body.is_on,
        now=utc_now(),
        actor=viewer_of(request).actor,
    )
    return queries.provider(provider_id)


@router.post(
    "/providers/{int:provider_id}/first",
    response=ProviderOut,
    auth=api_auth(Permission.ADMINISTER),
)
def ask_provider_first(request: HttpRequest, provider_id: int) -> queries.ProviderView:
    """Ask this account before all others."""
    actions.ask_provider_first(
        provider_id=provider_id, now=utc_now(), actor=viewer_of(request).actor
    )
    return queries.provider(provider_id)


@router.delete(
    "/providers/{int:provider_id}", response={204: None}, auth=api_auth(Permission.ADMINISTER)
)
def remove_provider(request: HttpRequest, provider_id: int) -> Status[None]:
    """Forget an account and its secrets."""
    actions.remove_provider(provider_id=provider_id, now=utc_now(), actor=viewer_of(request).actor)
    return Status(204, None)
