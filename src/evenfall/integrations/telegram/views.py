"""Where Telegram posts the updates of bots that it can call."""

import asyncio
import hmac
from typing import Final

import msgspec
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from evenfall.identity.access import public
from evenfall.integrations.telegram.account import TYPE
from evenfall.integrations.telegram.linking import webhook_secret
from evenfall.integrations.telegram.updates import Call, Update, answer_all, take
from evenfall.notifications import errors, queries
from evenfall.notifications.ports import Account
from evenfall.platform.clock import utc_now

_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"


@csrf_exempt  # the secret token, never a cookie
@public("the secret token that we gave to Telegram is the proof")
@require_POST
def updates(request: HttpRequest, provider_id: int) -> HttpResponse:
    """Take one update. The first call goes back as the answer, the others on their own."""
    account = _account(provider_id)
    if account is None or not _is_telegram(request, account):
        return HttpResponse("The secret token is wrong.", status=403, content_type="text/plain")
    try:
        update = msgspec.json.decode(request.body, type=Update)
    except msgspec.DecodeError:
        return HttpResponse(status=200)  # an update of a form we know nothing of: not again
    first, rest = _split(take(update, now=utc_now()))
    asyncio.run(answer_all(account, rest))
    return HttpResponse(first, content_type="application/json")


def _account(provider_id: int) -> Account | None:
    try:
        found = queries.account(provider_id)
    except errors.ProviderNotFound:
        return None
    return found if found.type == TYPE else None


def _is_telegram(request: HttpRequest, account: Account) -> bool:
    expected = webhook_secret(account.id, account.values["bot_token"])
    return hmac.compare_digest(request.headers.get(_HEADER, "").encode(), expected.encode())


def _split(calls: list[Call]) -> tuple[bytes, list[Call]]:
    if not calls:
        return b"", []
    first = calls[0]
    return msgspec.json.encode({"method": first.method, **first.params}), calls[1:]
