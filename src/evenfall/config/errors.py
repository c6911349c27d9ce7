"""Domain errors become answers here, once: a page, a toast for htmx, or problem+json (RFC 9457)."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from evenfall.platform.errors import DomainError, Invalid
from evenfall.platform.logs import get_logger

log = get_logger(__name__)

_PROBLEM_TYPE = "application/problem+json"
_ADVICE = {
    HTTPStatus.BAD_REQUEST: "This request cannot be read. Check its headers and its body.",
    HTTPStatus.FORBIDDEN: "You may not do this. A browser must send its CSRF token.",
    HTTPStatus.NOT_FOUND: "This does not exist. Check the address.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address does not know the method. See Allow.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "This is our mistake, and it is logged. Try again later.",
}


class DatabaseAway(DomainError):
    """The database is away or too busy right now. Try again in a moment.

    Look first whether your last change was kept.
    """

    code = "platform.database_away"
    status = 503


class DomainErrorMiddleware:
    """Renders a DomainError that a view let through, and that the database does not answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, OperationalError):
            return page(request, database_away(error))
        return page(request, error) if isinstance(error, DomainError) else None


class ApiProblemMiddleware:
    """Makes problem+json of what Django itself refuses below /api/, where nobody reads pages.

    Below /api/v2/ are paths of other tools, which are answered in their words.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self._get_response(request)
        is_error = answer.status_code >= HTTPStatus.BAD_REQUEST
        is_ours = request.path_info.startswith("/api/") and not _is_theirs(request)
        if not is_error or not is_ours or _is_problem(answer):
            return answer
        problem_ = _plain_problem(HTTPStatus(answer.status_code))
        for name in ("Allow", "Retry-After", "WWW-Authenticate"):
            if name in answer:
                problem_[name] = answer[name]
        return problem_


def _is_theirs(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/v2/")


def _is_problem(answer: HttpResponse) -> bool:
    return answer.get("Content-Type", "") == _PROBLEM_TYPE


def _plain_problem(status: HTTPStatus) -> JsonResponse:
    code = status.name.lower()
    body = {
        "type": f"urn:evenfall:error:{code}",
        "title": status.phrase,
        "status": int(status),
        "detail": _ADVICE.get(status, f"{status.phrase}. {status.description}."),
        "code": code,
    }
    return JsonResponse(body, status=status, content_type=_PROBLEM_TYPE)


def database_away(error: OperationalError) -> DatabaseAway:
    """Say in one line of the log what happened: nobody has made a mistake in the code."""
    log.warning("the database did not answer a request", error=str(error).strip())
    return DatabaseAway()


def page(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Return the error as a page, or as a toast where htmx asked."""
    if request.headers.get("HX-Request"):
        answer = HttpResponse(error.message, status=error.status, content_type="text/plain")
        answer["HX-Reswap"] = "none"
        return _with_wait(answer, error)
    context = {"error": error, "status": error.status}
    answer = render(request, "platform/error.html", context, status=error.status)
    return _with_wait(answer, error)


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
    answer = JsonResponse(body, status=error.status, content_type=_PROBLEM_TYPE)
    return _with_wait(answer, error)


def _with_wait[A: HttpResponse](answer: A, error: DomainError) -> A:
    """Let those who came too early know when to come again."""
    if error.status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS):
        answer["Retry-After"] = str(error.params.get("retry_after_s", 5))
    return answer
