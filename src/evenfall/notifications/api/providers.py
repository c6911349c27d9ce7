"""Accounts at providers, for administrators."""

from datetime import datetime
from decimal import Decimal
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


class ProviderCostOut(Schema):
    currency: str
    amount: Decimal


class ProviderUsageOut(Schema):
    """What an account did and cost: today and this month in UTC, and in the last seven days."""

    messages_today: int
    messages_this_month: int
    cost_today: list[ProviderCostOut]
    cost_this_month: list[ProviderCostOut]
    limit: Decimal | None
    limit_is_reached: bool
    """Then only the first page of an incident and codes go out."""
    asked: int
    taken: int
    reported: int
    arrived: int
    last_error: str
    last_error_at: datetime | None


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


@router.get(
    "/providers/{int:provider_id}/usage",
    response=ProviderUsageOut,
    auth=api_auth(Permission.ADMINISTER),
)
def provider_usage(request: HttpRequest, provider_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """What an account did, how well, and what it cost."""
    found = queries.provider(provider_id)
    limits = {found.name: queries.limit_of(found.settings)}
    return _usage(queries.records(limits, now=utc_now())[found.name])


def _usage(record: queries.Record) -> dict[str, Any]:
    return {
        "messages_today": record.today.messages,
        "messages_this_month": record.month.messages,
        "cost_today": _costs(record.today),
        "cost_this_month": _costs(record.month),
        "limit": record.budget.limit,
        "limit_is_reached": record.budget.is_reached,
        "asked": record.week.asked,
        "taken": record.week.taken,
        "reported": record.week.reported,
        "arrived": record.week.arrived,
        "last_error": record.last_error,
        "last_error_at": record.last_error_at,
    }


def _costs(sent: queries.Sent) -> list[dict[str, Any]]:
    return [{"currency": currency, "amount": amount} for currency, amount in sent.costs]


@router.delete(
    "/providers/{int:provider_id}", response={204: None}, auth=api_auth(Permission.ADMINISTER)
)
def remove_provider(request: HttpRequest, provider_id: int) -> Status[None]:
    """Forget an account and its secrets."""
    actions.remove_provider(provider_id=provider_id, now=utc_now(), actor=viewer_of(request).actor)
    return Status(204, None)
