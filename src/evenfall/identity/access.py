"""Who may call what: the marker every route carries.

`requires` and `public` mark pages, `api_auth` marks operations of the API. A route without a
marker fails the architecture tests. A marker is the floor: it lets in whoever holds the
permission on the site or in at least one team. What belongs to a team is then checked with
`viewer.check(permission, team_id=...)`, what belongs to nobody with `viewer.check(permission)`.
"""

import functools
import zoneinfo
from collections.abc import Callable
from typing import Any, cast, override

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django.utils import timezone
from msgspec import Struct
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from evenfall.identity import actions, errors, queries
from evenfall.identity.models import User
from evenfall.identity.permissions import Asker, Permission, Viewer, asked_by, now_asks
from evenfall.platform.clock import utc_now

type View = Callable[..., Any]


class Mark(Struct, frozen=True, kw_only=True):
    """What a route asks for: a permission, or nothing for a stated reason."""

    permission: Permission | None
    reason: str = ""


def requires[V: View](permission: Permission) -> Callable[[V], V]:
    """Mark a page: only people with this permission, on the site or in some team.

    The view gets `request.viewer`, and times are shown in the viewer's zone while it runs.
    """

    def decorate(view: V) -> V:
        return cast("V", _marked(_guard(view, permission), Mark(permission=permission)))

    return decorate


def public[V: View](reason: str) -> Callable[[V], V]:
    """Mark a page that anybody may open, and say why."""

    def decorate(view: V) -> V:
        return cast("V", _marked(view, Mark(permission=None, reason=reason)))

    return decorate


def mark_of(view: object) -> Mark | None:
    """The marker of a page, None when somebody forgot it."""
    return getattr(view, "access_mark", None)


def viewer_of(request: HttpRequest) -> Viewer:
    """Whoever asks; raise `NotSignedIn` for nobody. Looked up once a request."""
    viewer = viewer_or_none(request)
    if viewer is None:
        raise errors.NotSignedIn
    return viewer


def viewer_or_none(request: HttpRequest) -> Viewer | None:
    """Whoever asks, or None for nobody."""
    if not hasattr(request, "viewer"):
        user = getattr(request, "user", None)
        # Django's lazy user passes for the class it wraps, so this also loads it.
        found = queries.viewer_of_user(user) if isinstance(user, User) else None
        request.viewer = found  # type: ignore[attr-defined]  # the one place that puts it there
        if found is not None:
            now_asks(found)
    return cast("Viewer | None", request.viewer)  # type: ignore[attr-defined]  # see above


class ViewerMiddleware:
    """Nobody asks until somebody is known; then what is private is read for them.

    It also tells who asks on pages that no marker guards, so that their frame looks the same.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with asked_by(Asker.NOBODY):
            return self._get_response(request)

    def process_view(self, request: HttpRequest, view: View, *_: object) -> None:
        mark = mark_of(view)
        if settings.SESSION_COOKIE_NAME in request.COOKIES and not (mark and mark.permission):
            viewer_or_none(request)


class ApiAuth(AuthBase):
    """Lets in a signed-in browser (with its CSRF token) or a bearer token with the scope."""

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __init__(self, permission: Permission) -> None:
        self.permission = permission
        super().__init__()

    @override
    def __call__(self, request: HttpRequest) -> Viewer | None:
        viewer = _viewer_of_api(request)
        if viewer is not None:
            viewer.check_somewhere(self.permission)
            request.viewer = viewer  # type: ignore[attr-defined]  # as for pages
            now_asks(viewer)
        return viewer


def api_auth(permission: Permission) -> ApiAuth:
    """Mark an operation of the API: `@router.get("/rotas", auth=api_auth(Permission.VIEW))`."""
    return ApiAuth(permission)


def _viewer_of_api(request: HttpRequest) -> Viewer | None:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return actions.use_token(secret=secret.strip(), now=utc_now())
    viewer = viewer_or_none(request)
    # A cookie comes along with any request a foreign page makes; a token does not.
    if viewer is not None and check_csrf(request) is not None:
        raise errors.CsrfMissing
    return viewer


def _marked(view: View, mark: Mark) -> View:
    view.access_mark = mark  # type: ignore[attr-defined]  # a function may carry attributes
    return view


def _guard(view: View, permission: Permission) -> View:
    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401 - as the view
        viewer = viewer_or_none(request)
        if viewer is None:
            return _to_sign_in(request)
        viewer.check_somewhere(permission)
        with timezone.override(zoneinfo.ZoneInfo(viewer.time_zone)):
            return cast("HttpResponseBase", view(request, *args, **kwargs))

    return guarded


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send a browser to the sign-in page and back; htmx needs a header to leave the page."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=401, headers={"HX-Redirect": resolve_url(settings.LOGIN_URL)})
    return redirect_to_login(request.get_full_path())
