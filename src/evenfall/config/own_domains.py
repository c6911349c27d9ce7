"""Status pages on domains of their own.

A proxy in front sends such a domain here with its Host header. Whatever is not ours and is the
domain of a page is that page and nothing more: its documents can be read there, nobody can sign in
or send anything, and the other pages of this installation are not there.
"""

from collections.abc import Callable
from functools import lru_cache
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, HttpResponseRedirect
from django.http.request import split_domain_port, validate_host
from django.urls import reverse

from evenfall.statuspages import queries

_READABLE: Final = frozenset(
    {
        "",
        "history.html",
        "feed.atom",
        "maintenance.ics",
        "status.json",
        "logo",
        "look.css",
    }
)
_READING: Final = frozenset({"GET", "HEAD"})


class OwnDomainMiddleware:
    """Makes a request for the domain of a page one for the page; comes before all that ask who."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        domain, _ = split_domain_port(request.META.get("HTTP_HOST", ""))
        slug = "" if not domain or _is_ours(domain) else queries.slug_of_domain(domain)
        return self._page(request, slug) if slug else self._get_response(request)

    def _page(self, request: HttpRequest, slug: str) -> HttpResponse:
        home = reverse("statuspages:public", args=[slug])
        name = request.path_info.removeprefix(home).removeprefix("/")
        if request.method not in _READING:
            return HttpResponseNotFound("Not here.", content_type="text/plain")
        if name not in _READABLE:
            return _elsewhere(home, name)
        request.META["HTTP_HOST"] = urlsplit(settings.EVENFALL.public_url).netloc
        request.COOKIES.clear()  # nobody is signed in on a domain that is not ours
        request.META.pop("HTTP_COOKIE", None)
        request.path = request.path_info = f"{home}{name}"
        return self._get_response(request)


def _elsewhere(home: str, name: str) -> HttpResponse:
    """What takes more than reading is done where Evenfall itself is."""
    if name.startswith("subscribe"):
        address = f"{settings.EVENFALL.public_url}{home}{name}"
        return HttpResponseRedirect(address, status=HTTPStatus.FOUND)
    return HttpResponseNotFound("There is no such page here.", content_type="text/plain")


def _is_ours(domain: str) -> bool:
    return validate_host(domain, _ours())


@lru_cache(maxsize=1)
def _ours() -> tuple[str, ...]:
    """The hosts that were named; "*" would make every domain ours."""
    return tuple(host for host in settings.ALLOWED_HOSTS if host != "*")
