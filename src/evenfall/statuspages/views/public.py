"""What readers open: the page, its feeds and its data. No cookies, no sign-in for public pages.

Which language a page speaks is its own matter: what the reader's browser accepts of the languages
chosen for the page, or what `?lang=` asks for. Whoever is signed in gets the same.
"""

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date, parse_etags
from django.views.decorators.http import require_safe

from evenfall.identity.access import public, viewer_or_none
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.statuspages import errors, queries
from evenfall.statuspages.logic.phrases import Language, chosen
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
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """GET /status/shop/history.html"""
    return _answer(request, slug, "history")


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


@public(_REASON)
@require_safe
def logo(request: HttpRequest, slug: str) -> HttpResponse:
    """GET /status/shop/logo: an image and nothing else, whatever its bytes may claim."""
    found = queries.logo(gate_of(request, slug).id)
    if found is None:
        raise errors.LogoNotFound
    answer = HttpResponse(found.body, content_type=found.content_type)
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return _lasting(answer)


@public(_REASON)
@require_safe
def look(request: HttpRequest, slug: str) -> HttpResponse:
    """GET /status/shop/look.css: the colour of the page."""
    accent = queries.look(gate_of(request, slug).id).accent
    css = accent.css if accent else ""
    return _lasting(HttpResponse(css, content_type="text/css; charset=utf-8"))


def _answer(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    gate = gate_of(request, slug)
    made = rendered(gate, kind, language=language_of(request, gate), now=utc_now())
    if made.etag in parse_etags(request.headers.get("If-None-Match", "")):
        answer = HttpResponse(status=304)
    else:
        answer = HttpResponse(made.body, content_type=made.content_type)
    if len(gate.languages) > 1:
        patch_vary_headers(answer, ["Accept-Language"])
    return _with_headers(answer, gate, made)


def gate_of(request: HttpRequest, slug: str) -> queries.Gate:
    gate = queries.gate(slug)
    _let_in(request, gate)
    return gate


def language_of(request: HttpRequest, gate: queries.Gate) -> Language:
    return chosen(
        gate.languages,
        asked=request.GET.get("lang", ""),
        accepts=request.headers.get("Accept-Language", ""),
    )


def _lasting(answer: HttpResponse) -> HttpResponse:
    """Its address changes with its content."""
    answer["Cache-Control"] = "private, max-age=86400"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


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
