"""GoAlert's heartbeat monitors: `POST /api/v2/heartbeat/KEY`, the key that of the monitor."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from evenfall.identity.access import public
from evenfall.monitors import actions
from evenfall.monitors.actions import PingWish
from evenfall.monitors.errors import KeyNotFound
from evenfall.monitors.ports import PACE
from evenfall.platform.clock import utc_now
from evenfall.platform.crypto import token_hash
from evenfall.platform.errors import TooOften


@csrf_exempt
@public("the key in the address is the proof; senders cannot sign in")
@require_POST
def heartbeat(request: HttpRequest, key: str) -> HttpResponse:
    """200 without a body once it is written down, as there; 404 for a key nobody has, 429."""
    del request
    now = utc_now()
    try:
        PACE.spend(token_hash(key), now=now)
        actions.take_ping(key=key, wish=PingWish(what="success"), now=now)
    except KeyNotFound:
        return HttpResponse("404 page not found\n", status=404, content_type="text/plain")
    except TooOften as error:
        headers = {"Retry-After": str(error.params["retry_after_s"])}
        return HttpResponse("Too often.\n", status=429, content_type="text/plain", headers=headers)
    return HttpResponse(b"", content_type="text/plain")
