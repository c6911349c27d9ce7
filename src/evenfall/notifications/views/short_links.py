"""The short link of a text message: it leads to the page that answers, and does nothing itself."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from evenfall.identity.access import public
from evenfall.notifications import actions
from evenfall.platform.clock import utc_now


@public("the signed code in a text message is the proof")
@never_cache
@require_safe
def short_link(request: HttpRequest, code: str) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """Lead to the response link; opening it never acts, so a preview answers nothing."""
    answer = HttpResponseRedirect(actions.read_short(code, now=utc_now()))
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer
