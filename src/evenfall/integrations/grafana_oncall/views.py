"""The heartbeat address of a Grafana OnCall integration: its own address and `heartbeat/`."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from evenfall.alerting.queries import for_amtool
from evenfall.identity.access import public
from evenfall.monitors import actions
from evenfall.monitors.actions import PingWish
from evenfall.monitors.errors import HeartbeatNotFound
from evenfall.monitors.ports import PACE
from evenfall.platform.clock import utc_now
from evenfall.platform.errors import TooOften


@csrf_exempt
@public("the key in the address is the proof; senders cannot sign in")
@require_http_methods(["GET", "HEAD", "POST"])
def heartbeat(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """200 once it is written down; 403 for a key that nobody has, 404 without a heartbeat, 429."""
    del kind  # its settings tell what the integration speaks
    now = utc_now()
    holder = for_amtool.key_holder(key, now=now)
    if holder is None:
        return _said(403, "No integration has this key.")
    try:
        PACE.spend((holder.id, ""), now=now)
        actions.take_named_ping(
            integration_id=holder.id, called="", wish=PingWish(what="success"), now=now
        )
    except HeartbeatNotFound:
        return _said(404, f"“{holder.name}” has no heartbeat. Make a monitor that is told over it.")
    except TooOften as error:
        answer = _said(429, "Too often.")
        answer["Retry-After"] = str(error.params["retry_after_s"])
        return answer
    return _said(200, "" if request.method == "POST" else ":)")


def _said(status: int, words: str) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
