"""Where tools report what changed: public, by key, signed where the tool can sign."""

from datetime import timedelta
from typing import Final

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from evenfall.changes import actions, errors
from evenfall.changes.ports import Knock
from evenfall.identity.access import public
from evenfall.platform.clock import utc_now
from evenfall.platform.crypto import token_hash
from evenfall.platform.errors import DomainError, TooLarge, TooOften
from evenfall.platform.pacing import Pace

LIMIT: Final = 2_000_000
"""GitHub sends pushes with all their commits; what is larger was not made by one of the tools."""
PACE: Final = Pace(most=600, per=timedelta(minutes=1))
REFUSALS: Final = Pace(most=20, per=timedelta(minutes=1))
"""So many refusals are written down; a flood of them costs no more than a look at the key."""


@csrf_exempt  # a key in the path and a signature, never a cookie
@public("the key in the address, and a signature where the tool signs, are the permission")
@require_POST
def receive(
    request: HttpRequest,
    change_key: str,
    tail: str = "",  # noqa: ARG001 - see the urls
) -> HttpResponse:
    """POST /changes/in/<key>/: answers only after the commit."""
    now = utc_now()
    try:
        PACE.spend(token_hash(change_key), now=now)
        knock = Knock(headers=_headers(request), body=_body(request), at=now)
        outcome = actions.receive(key=change_key, knock=knock)
    except DomainError as error:
        return _refused(change_key, error)
    told: dict[str, object] = {"status": "success", "changes": outcome.change_ids}
    if outcome.ignored:
        told["ignored"] = outcome.ignored
    return JsonResponse(told, status=202)


def _headers(request: HttpRequest) -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}


def _body(request: HttpRequest) -> bytes:
    try:
        body = request.body
    except (RequestDataTooBig, UnreadablePostError) as error:
        raise TooLarge(limit=LIMIT) from error
    if len(body) > LIMIT:
        raise TooLarge(limit=LIMIT)
    return body


def _refused(key: str, error: DomainError) -> JsonResponse:
    now = utc_now()
    if not isinstance(error, (errors.KeyUnknown, TooOften)):
        try:
            REFUSALS.spend(token_hash(key), now=now)
        except TooOften:
            pass
        else:
            actions.note_refusal(key=key, reason=error.message, now=now)
    answer = JsonResponse(
        {"status": "refused", "code": error.code, "detail": error.message}, status=error.status
    )
    if "retry_after_s" in error.params:
        answer["Retry-After"] = str(error.params["retry_after_s"])
    return answer
