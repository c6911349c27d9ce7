"""The theme switch, the style guide, and the files of the installable app."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from evenfall.identity.access import public, requires
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.web.contexts import app, styleguide

_YEAR_S = 365 * 24 * 3600
_LONGEST_ADDRESS = 2000


@public("a theme is chosen before signing in too; it is a cookie of the device")
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Remember the theme on this device and go back to where the reader was."""
    following = request.POST.get("next", "/")
    answer = HttpResponseRedirect(following if _is_ours(following, request) else "/")
    theme = request.POST.get("theme", "")
    if theme in ("light", "dark"):
        # not HttpOnly: the switch of the page sets the same cookie without a round trip
        answer.set_cookie(
            "theme", theme, max_age=_YEAR_S, samesite="Lax", secure=request.is_secure()
        )
    else:
        answer.delete_cookie("theme")
    return answer


def _is_ours(address: str, request: HttpRequest) -> bool:
    """Whether an address is a path of this site that fits into a header."""
    is_path = address.startswith("/") and len(address) <= _LONGEST_ADDRESS
    return is_path and url_has_allowed_host_and_scheme(address, {request.get_host()})


@requires(Permission.ADMINISTER)
@require_safe
def style_guide(request: HttpRequest) -> HttpResponse:
    """Every component with the markup that makes it."""
    now = utc_now()
    context = {"examples": styleguide.examples(now=now), "icons": styleguide.icons()}
    return render(request, "web/styleguide.html", context)


@requires(Permission.ADMINISTER)
@require_safe
def style_guide_live(_request: HttpRequest) -> HttpResponse:
    """The live example of the style guide, fetched again."""
    return HttpResponse(styleguide.live_example(now=utc_now()))


@public("browsers fetch it without cookies; it holds names and icons only")
@require_safe
@cache_control(max_age=3600)
def manifest(_request: HttpRequest) -> HttpResponse:
    """What makes the product installable."""
    return JsonResponse(app.manifest(), content_type="application/manifest+json")


@public("the service worker's code is the same for everybody")
@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """The worker at the root, so that its scope is the whole site."""
    return render(request, "web/sw.js", app.worker(), content_type="text/javascript")


@public("shown from the device's own cache when there is no connection")
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """The page the service worker falls back to."""
    return render(request, "web/offline.html")
