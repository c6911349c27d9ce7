"""Domain errors become answers here, once: a page, a toast for htmx, or problem+json (RFC 9457)."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from evenfall.platform.errors import DomainError, Invalid


class DomainErrorMiddleware:
    """Renders a DomainError that a view let through."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        return page(request, error)


def page(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Return the error as a page, or as a toast where htmx asked."""
    if request.headers.get("HX-Request"):
        answer = HttpResponse(error.message, status=error.status, content_type="text/plain")
        answer["HX-Reswap"] = "none"
        return answer
    context = {"error": error, "status": error.status}
    return render(request, "platform/error.html", context, status=error.status)


def problem(error: DomainError) -> JsonResponse:
    """Return the error as problem+json; ``code`` is the stable name to test for."""
    body: dict[str, Any] = {
        "type": f"urn:evenfall:error:{error.code}",
        "title": type(error).__name__,
        "status": error.status,
        "detail": error.message,
        "code": error.code,
    }
    if isinstance(error, Invalid) and error.field:
        body["field"] = error.field
    answer = JsonResponse(body, status=error.status, content_type="application/problem+json")
    if error.status == 503:  # noqa: PLR2004 - Service Unavailable
        answer["Retry-After"] = str(error.params.get("retry_after_s", 5))
    return answer
