"""What Twilio tells us about text messages: reports, and what people write back."""

import functools
from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from evenfall.identity.access import public
from evenfall.integrations.twilio import client, sms
from evenfall.integrations.twilio.signature import is_signed
from evenfall.notifications import actions as notifications_actions
from evenfall.notifications import queries as notifications_queries
from evenfall.notifications.errors import ProviderNotFound
from evenfall.notifications.ports import Account
from evenfall.paging import actions as paging_actions
from evenfall.platform.clock import utc_now

TWIML = "text/xml; charset=utf-8"
NOTHING = '<?xml version="1.0" encoding="UTF-8"?><Response/>'

type SignedView = Callable[[HttpRequest, Account, datetime], HttpResponse]


def signed(view: SignedView) -> Callable[..., HttpResponse]:
    """Let in only what Twilio has signed with the token of the account that the address names."""

    @csrf_exempt  # a signature, never a cookie
    @public("the provider's signature is the proof")
    @require_POST
    @functools.wraps(view)
    def checked(request: HttpRequest, provider_id: int) -> HttpResponse:
        try:
            account = notifications_queries.account(provider_id)
        except ProviderNotFound:
            return HttpResponse(status=404)
        if account.type != "twilio" or not is_signed(request, account):
            return HttpResponse(status=403)
        return view(request, account, utc_now())

    return checked


@signed
def sms_status(request: HttpRequest, account: Account, now: datetime) -> HttpResponse:
    """Take a report about a message that we sent; the address says which try of which notice."""
    receipt = sms.receipt_of(
        request.POST.dict(),
        notice_id=client.number(request.GET.get("notice")),
        attempt=client.number(request.GET.get("attempt")),
        account=account,
    )
    if receipt is not None:
        notifications_actions.record_receipts(receipts=[receipt], now=now)
    return HttpResponse(status=204)


@signed
def sms_received(request: HttpRequest, account: Account, now: datetime) -> HttpResponse:  # noqa: ARG001 - the form of signed views
    """Take what a person wrote. Our answer, if any, goes out as a message of its own."""
    paging_actions.take_text(
        number=request.POST.get("From", ""),
        text=request.POST.get("Body", ""),
        message_id=request.POST.get("MessageSid", ""),
        now=now,
    )
    return HttpResponse(NOTHING, content_type=TWIML)
