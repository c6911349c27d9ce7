"""Signed response links: looking never acts, sending does, signed in or not."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from evenfall.identity.access import public
from evenfall.notifications import actions as notifications_actions
from evenfall.notifications.errors import ResponseAlreadyUsed
from evenfall.paging import actions, queries
from evenfall.paging.contexts import pages as contexts
from evenfall.paging.logic.sentences import short_why
from evenfall.paging.ports import Response
from evenfall.paging.queries import PageView
from evenfall.paging.views.pages import read_response
from evenfall.platform.clock import utc_now

_URLS = {
    "page": "/pages/{id}/",
    "digest": "/pages/digests/{id}/",
    "rehearsal": "/profile/rules/",
}


# The signed token is the proof: it is worth the same from a mail, a push button or a form, so a
# CSRF cookie, which the first two cannot have, would add nothing.
@csrf_exempt
@public("the signed link in a notice is the proof")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows what the link can do, for mail scanners and previews follow links; POST acts."""
    now = utc_now()
    grant = notifications_actions.read_response(token, now=now)
    done = ""
    if request.method == "POST":
        response = read_response(request.POST.get("action", grant.action))
        done = response.value
        try:
            actions.answer_by_link(token=token, response=response, now=now)
        except ResponseAlreadyUsed:
            done = "again"
    context = _context(grant, done)
    reply = render(request, "paging/answer.html", context)
    reply["Referrer-Policy"] = "no-referrer"  # the address is the secret
    reply["X-Robots-Tag"] = "noindex"
    return reply


def _context(grant: notifications_actions.ResponseGrant, done: str) -> dict[str, Any]:
    meant = actions.meant_by(grant.subject)
    is_digest, is_rehearsal = meant.noun == "digest", meant.noun == "rehearsal"
    pages = _pages(meant, grant.user_id)
    offered = [action.name for action in grant.actions]
    first = [grant.action] if grant.action in offered else []
    ordered = dict.fromkeys((*first, *offered))
    return {
        "pages": pages,
        "is_digest": is_digest,
        "is_rehearsal": is_rehearsal,
        "is_open": is_rehearsal or any(page.is_open for page in pages),
        "done": done,
        "answers": contexts.answers([Response(name) for name in ordered if name in set(Response)]),
        "url": _URLS[meant.noun].format(id=meant.id),
        "why_me": _why(pages, grant.user_id),
    }


def _pages(meant: actions.Meant, user_id: int) -> list[PageView]:
    if meant.noun == "rehearsal":
        return []
    if meant.noun == "digest":
        return queries.digest_pages(meant.id, user_id=user_id)
    return [queries.page(meant.id)]


def _why(pages: list[PageView], user_id: int) -> str:
    return short_why(queries.why_me(pages[0].id, user_id)) if len(pages) == 1 else ""
