"""What a Mattermost server tells us: somebody tapped a button, or typed the command."""

import hmac
from typing import Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from msgspec import Struct

from evenfall.chat import actions as chat_actions
from evenfall.identity.access import public
from evenfall.integrations.mattermost import texts
from evenfall.integrations.mattermost.account import TYPE
from evenfall.integrations.mattermost.signing import read_context
from evenfall.notifications import errors, queries
from evenfall.notifications.ports import Account
from evenfall.platform.clock import utc_now

_PERSONAL: Final = ("page:", "digest:", "rehearsal:")


class _Tap(Struct):
    """See developers.mattermost.com, interactive messages."""

    user_name: str = ""
    context: Any = None


@csrf_exempt  # a signature, never a cookie
@public("the signature in the context of the button is the proof")
@require_POST
def action(request: HttpRequest, provider_id: int) -> HttpResponse:
    """Take a tap. The answer is shown to whoever tapped; a message to one person is rewritten."""
    account = _account(provider_id)
    try:
        tap = msgspec.json.decode(request.body, type=_Tap)
    except msgspec.DecodeError:
        tap = _Tap()
    context = read_context(provider_id, tap.context)
    if account is None or context is None or not tap.user_name:
        return _refused()
    reply = chat_actions.answer_from_chat(
        kind=TYPE,
        address=tap.user_name.lower(),
        subject=context["subject"],
        action=context["action"],
        now=utc_now(),
    )
    answer: dict[str, Any] = {"ephemeral_text": texts.plain(reply.text)}
    if reply.ok and context["subject"].startswith(_PERSONAL):
        answer = {"update": texts.of_answered(context["subject"], context["title"], reply.text)}
    return JsonResponse(answer)


@csrf_exempt  # the token of the command, never a cookie
@public("the token of the command is the proof")
@require_POST
def command(request: HttpRequest, provider_id: int) -> HttpResponse:
    """Run the text behind ``/evenfall``; only the person who typed sees the answer."""
    account = _account(provider_id)
    if account is None or not _is_command_of(account, request.POST.get("token", "")):
        return _refused()
    reply = chat_actions.run_command(
        kind=TYPE,
        address=request.POST.get("user_name", "").lower(),
        text=request.POST.get("text", ""),
        now=utc_now(),
    )
    return JsonResponse({"response_type": "ephemeral", "text": texts.plain(reply.text)})


def _account(provider_id: int) -> Account | None:
    try:
        found = queries.account(provider_id)
    except errors.ProviderNotFound:
        return None
    return found if found.type == TYPE else None


def _is_command_of(account: Account, token: str) -> bool:
    known = account.values.get("command_token", "").split()
    return any(hmac.compare_digest(one.encode(), token.encode()) for one in known)


def _refused() -> HttpResponse:
    return HttpResponse("The proof is wrong.", status=403, content_type="text/plain")
