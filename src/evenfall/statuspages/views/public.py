"""What readers open: the page, its feeds and its data. No cookies, no sign-in for public pages."""

from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date, parse_etags
from django.views.decorators.http import require_safe

from evenfall.identity.access import public, viewer_or_none
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.statuspages import errors, queries
from evenfall.statuspages.logic.words import Visibility
from evenfall.statuspages.views.rendering import Rendered, rendered

_REASON = "a status page is for everybody, unless its settings ask for a sign-in or its secret"
_EVERYBODY = "public, max-age=15, stale-while-revalidate=60, stale-if-error=86400"


@public(_REASON)
@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """GET /status/shop/"""
    return _answer(request, slug, "html")


@public(_REASON)
@require_safe
def atom(request: HttpRequest, slug: str) -> HttpResponse:
    """GET /status/shop/feed.atom"""
    return _answer(request, slug, "atom")


@public(_REASON)
@require_safe
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """GET /status/shop/maintenance.ics"""
    return _answer(request, slug, "ics")


@public(_REASON)
@require_safe
def data(request: HttpRequest, slug: str) -> HttpResponse:
    """GET /status/shop/status.json"""
    return _answer(request, slug, "json")


def _answer(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    gate = queries.gate(slug)
    _let_in(request, gate)
    made = rendered(gate, kind, now=utc_now())
    if made.etag in parse_etags(request.headers.get("If-None-Match", "")):
        answer = HttpResponse(status=304)
    else:
        answer = HttpResponse(made.body, content_type=made.content_type)
    return _with_headers(answer, gate, made)


def _let_in(request: HttpRequest, gate: queries.Gate) -> None:
    """Raise StatusPageNotFound for whoever may not see the page: nor that there is one."""
    if gate.visibility is Visibility.SIGNED_IN:
        viewer = viewer_or_none(request)
        if viewer is None or not viewer.can_somewhere(Permission.VIEW):
            raise errors.StatusPageNotFound
    if gate.visibility is Visibility.TOKEN and not queries.opens(
        gate.id, request.GET.get("token", "")
    ):
        raise errors.StatusPageNotFound


def _with_headers(answer: HttpResponse, gate: queries.Gate, made: Rendered) -> HttpResponse:
    is_open = gate.visibility is Visibility.PUBLIC
    answer["ETag"] = made.etag
    answer["Last-Modified"] = http_date(made.made_at.timestamp())
    answer["Cache-Control"] = _EVERYBODY if is_open else "private, no-cache"
    if not is_open:
        answer["X-Robots-Tag"] = "noindex"
        answer["Referrer-Policy"] = "no-referrer"  # the address may be the secret
    return answer
