"""What Twilio asks and tells us about calls. Its signature covers the address: trust that."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse

from evenfall.integrations.twilio import client, voice
from evenfall.integrations.twilio.twiml import HANG_UP, twiml
from evenfall.integrations.twilio.views import TWIML, signed
from evenfall.notifications import actions as notifications_actions
from evenfall.notifications.errors import NoticeNotFound
from evenfall.notifications.ports import Account, Receipt
from evenfall.notifications.ports.speech import Speech
from evenfall.paging import actions as paging_actions


@signed
def answered(request: HttpRequest, account: Account, now: datetime) -> HttpResponse:
    """Somebody, or something, picked up: what is said to a person; a machine is left at once."""
    if voice.is_machine(request.POST):
        _record(request, account, now)
        return HttpResponse(HANG_UP, content_type=TWIML)
    try:
        speech = paging_actions.pick_up(notice_id=_notice(request), now=now)
    except NoticeNotFound:
        return HttpResponse(status=404)
    return _say(speech, request, account)


@signed
def key_pressed(request: HttpRequest, account: Account, now: datetime) -> HttpResponse:
    """A key proves that a person listens, whatever it is."""
    key = request.POST.get("Digits", "")
    try:
        speech = paging_actions.press_key(notice_id=_notice(request), key=key, now=now)
    except NoticeNotFound:
        return HttpResponse(status=404)
    heard = Receipt(
        notice_id=_notice(request),
        attempt=_attempt(request),
        delivered=True,
        provider_id=request.POST.get("CallSid", ""),
        via=account.name,
    )
    notifications_actions.record_receipts(receipts=[heard], now=now)
    return _say(speech, request, account)


@signed
def status(request: HttpRequest, account: Account, now: datetime) -> HttpResponse:
    """The call began, or ended."""
    _record(request, account, now)
    return HttpResponse(status=204)


def _record(request: HttpRequest, account: Account, now: datetime) -> None:
    receipt = voice.receipt_of(
        request.POST.dict(),
        notice_id=_notice(request),
        attempt=_attempt(request),
        account=account,
    )
    if receipt is not None:
        notifications_actions.record_receipts(receipts=[receipt], now=now)


def _say(speech: Speech, request: HttpRequest, account: Account) -> HttpResponse:
    key_url = voice.address(
        "twilio:voice_key",
        notice_id=_notice(request),
        attempt=_attempt(request),
        account=account,
    )
    return HttpResponse(twiml(speech, key_url=key_url), content_type=TWIML)


def _notice(request: HttpRequest) -> int:
    return client.number(request.GET.get("notice"))


def _attempt(request: HttpRequest) -> int:
    return client.number(request.GET.get("attempt"))
