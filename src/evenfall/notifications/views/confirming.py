"""The way back from a device: proves that messages arrive there."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from evenfall.identity.access import public
from evenfall.notifications import actions
from evenfall.platform.clock import utc_now


@public("the signed link in the message is the proof; a service worker has no session")
@csrf_exempt
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a button and acts on nothing: previews and scanners follow links."""
    if request.method == "POST":
        actions.confirm(token, now=utc_now())
    context = {"is_done": request.method == "POST"}
    return render(request, "notifications/confirm.html", context)
