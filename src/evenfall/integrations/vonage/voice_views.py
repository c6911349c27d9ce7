"""What Vonage tells us about calls. The address carries which call, signed by ourselves."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpResponse, JsonResponse

from evenfall.integrations.vonage import voice
from evenfall.integrations.vonage.ncco import ncco
from evenfall.integrations.vonage.views import signed
from evenfall.notifications import actions as notifications_actions
from evenfall.notifications.errors import NoticeNotFound
from evenfall.notifications.ports import Account, Receipt
from evenfall.paging import actions as paging_actions

type Event = Mapping[str, Any]


@signed
def event(said: Event, account: Account, now: datetime, call: str) -> HttpResponse:
    """The call rings, was answered, is over, …"""
    made = voice.read_try(call, account=account, now=now)
    if made is None:
        return HttpResponse(status=404)
    receipt = voice.receipt_of(said, made, account=account)
    if receipt is not None:
        notifications_actions.record_receipts(receipts=[receipt], now=now)
    return HttpResponse(status=204)


@signed
def key_pressed(said: Event, account: Account, now: datetime, call: str) -> HttpResponse:
    """A key, or none in time: either way a person, or nobody at all, heard the whole of it."""
    made = voice.read_try(call, account=account, now=now)
    if made is None:
        return HttpResponse(status=404)
    key = voice.key_of(said)
    try:
        speech = paging_actions.press_key(notice_id=made.notice_id, key=key, now=now)
    except NoticeNotFound:
        return HttpResponse(status=404)
    if key:
        _heard(said, made, account, now)
    key_url = voice.address("vonage:voice_key", made, now=now)
    return JsonResponse(ncco(speech, key_url=key_url), safe=False)


def _heard(said: Event, made: voice.Try, account: Account, now: datetime) -> None:
    """A key proves that a person listens, whatever it is."""
    receipt = Receipt(
        notice_id=made.notice_id,
        attempt=made.attempt,
        delivered=True,
        provider_id=voice.call_id(said),
        via=account.name,
    )
    notifications_actions.record_receipts(receipts=[receipt], now=now)
