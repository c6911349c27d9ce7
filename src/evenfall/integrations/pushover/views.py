"""A reader acknowledged in the app."""

import asyncio
import contextlib

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from evenfall.identity.access import public
from evenfall.integrations.pushover import calls
from evenfall.integrations.pushover.provider import PURPOSE, Pushover
from evenfall.notifications import actions as notifications_actions
from evenfall.notifications import queries as notifications_queries
from evenfall.notifications.errors import (
    NoticeNotFound,
    ResponseAlreadyUsed,
    ResponseNotOffered,
)
from evenfall.notifications.ports import ChannelError, Receipt
from evenfall.paging import actions as paging_actions
from evenfall.paging.errors import PageNotFound
from evenfall.paging.ports import Response
from evenfall.platform.clock import utc_now
from evenfall.platform.crypto import BadSignature, unsign

# What comes twice, or is about a test: nothing is left to do.
_DONE = (ResponseAlreadyUsed, ResponseNotOffered, NoticeNotFound, PageNotFound)


@public("the token in the path is signed, and Pushover is asked whether the receipt says so")
@csrf_exempt
@require_POST
def acknowledged(request: HttpRequest, provider_id: int, token: str) -> HttpResponse:
    """Answers 403 to what Pushover does not confirm, and 503 when it cannot be asked."""
    now = utc_now()
    try:
        notice_id, attempt = unsign(token, purpose=PURPOSE, now=now)
    except (BadSignature, ValueError, TypeError):
        return HttpResponse(status=403)
    receipt_id = request.POST.get("receipt", "")
    confirmed = _is_acknowledged(provider_id, receipt_id)
    if not confirmed:
        return HttpResponse(status=503 if confirmed is None else 403)
    receipt = Receipt(notice_id=notice_id, attempt=attempt, delivered=True, provider_id=receipt_id)
    notifications_actions.record_receipts(receipts=[receipt], now=now)
    with contextlib.suppress(*_DONE):
        paging_actions.answer_notice(
            notice_id=notice_id, response=Response.ACKNOWLEDGE, via=Pushover.type, now=now
        )
    return HttpResponse(status=200)


def _is_acknowledged(provider_id: int, receipt_id: str) -> bool | None:
    """What Pushover says of this receipt; None when it gives no answer now."""
    account = notifications_queries.account(provider_id)
    if account.type != Pushover.type or not receipt_id.isalnum():
        return False
    try:
        said = asyncio.run(calls.receipt(account, receipt_id))
    except ChannelError as error:
        return False if error.permanent else None
    return said.get("acknowledged") == 1
