"""What Vonage tells us about text messages: reports, and what people write back."""

import functools
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from evenfall.identity.access import public
from evenfall.integrations.vonage import sms
from evenfall.integrations.vonage.signature import is_signed
from evenfall.notifications import actions as notifications_actions
from evenfall.notifications import queries as notifications_queries
from evenfall.notifications.errors import ProviderNotFound
from evenfall.notifications.ports import Account
from evenfall.paging import actions as paging_actions
from evenfall.platform.clock import utc_now

type SignedView = Callable[..., HttpResponse]  # (body, account, now) and what the address says


def signed(view: SignedView) -> Callable[..., HttpResponse]:
    """Let in only JSON that Vonage has signed with the secret of the account in the address."""

    @csrf_exempt  # a signature, never a cookie
    @public("the provider's signature is the proof")
    @require_POST
    @functools.wraps(view)
    def checked(request: HttpRequest, provider_id: int, **rest: str) -> HttpResponse:
        now = utc_now()
        try:
            account = notifications_queries.account(provider_id)
        except ProviderNotFound:
            return HttpResponse(status=404)
        if account.type != "vonage" or not is_signed(request, account, now=now):
            return HttpResponse(status=403)
        try:
            body = msgspec.json.decode(request.body, type=dict[str, Any])
        except (msgspec.DecodeError, UnicodeDecodeError):
            return HttpResponse(status=400)
        return view(body, account, now, **rest)

    return checked


@signed
def sms_status(report: Mapping[str, Any], account: Account, now: datetime) -> HttpResponse:
    """Take a report about a message that we sent; its reference says which."""
    receipt = sms.receipt_of(report, account=account)
    if receipt is not None:
        notifications_actions.record_receipts(receipts=[receipt], now=now)
    return HttpResponse(status=204)


@signed
def sms_received(said: Mapping[str, Any], account: Account, now: datetime) -> HttpResponse:  # noqa: ARG001 - the form of signed views
    """Take what a person wrote. Our answer, if any, goes out as a message of its own."""
    paging_actions.take_text(
        number=f"+{str(said.get('from', '')).removeprefix('+')}",
        text=str(said.get("text", "")),
        message_id=str(said.get("message_uuid", "")),
        now=now,
    )
    return HttpResponse(status=204)
