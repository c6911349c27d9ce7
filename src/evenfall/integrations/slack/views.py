"""What Slack calls: buttons and the command. Both are answered at once and done a moment later."""

from datetime import datetime
from typing import Final

import msgspec
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from evenfall.identity.access import public
from evenfall.integrations.slack import inbound
from evenfall.integrations.slack.account import TYPE
from evenfall.integrations.slack.signature import is_genuine
from evenfall.notifications import errors, queries
from evenfall.platform.clock import utc_now

_REFUSED: Final = 403
_UNREADABLE: Final = 400


@public("the provider's signature is the proof")
@csrf_exempt
@require_POST
def interactions(request: HttpRequest, provider_id: int) -> HttpResponse:
    """POST /callbacks/slack/3/interactions: a form with one field, `payload`, that is JSON."""
    now = utc_now()
    if not _is_from_slack(request, provider_id, now):
        return HttpResponse(status=_REFUSED)
    try:
        payload = msgspec.json.decode(request.POST.get("payload", ""), type=dict)
    except msgspec.DecodeError:
        return HttpResponse(status=_UNREADABLE)
    inbound.take_interaction(provider_id, payload, now=now)
    return HttpResponse()


@public("the provider's signature is the proof")
@csrf_exempt
@require_POST
def commands(request: HttpRequest, provider_id: int) -> HttpResponse:
    """POST /callbacks/slack/3/commands: a form."""
    now = utc_now()
    if not _is_from_slack(request, provider_id, now):
        return HttpResponse(status=_REFUSED)
    inbound.take_command(provider_id, request.POST.dict(), now=now)
    return HttpResponse()


def _is_from_slack(request: HttpRequest, provider_id: int, now: datetime) -> bool:
    try:
        account = queries.account(provider_id)
    except errors.ProviderNotFound:
        return False
    return account.type == TYPE and is_genuine(
        request.body,
        secret=account.values.get("signing_secret", ""),
        timestamp=request.headers.get("X-Slack-Request-Timestamp", ""),
        signature=request.headers.get("X-Slack-Signature", ""),
        now=now,
    )
