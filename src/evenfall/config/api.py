"""The REST API: every domain's router under /api/v1."""

from http import HTTPStatus
from typing import Any, override

from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi import schema as ninja_openapi
from ninja.openapi.schema import OpenAPISchema
from ninja.schema import NinjaGenerateJsonSchema
from pydantic.json_schema import CoreModeRef, DefsRef

from evenfall import __version__
from evenfall.alerting import api as alerting
from evenfall.catalog import api as catalog
from evenfall.changes import api as changes
from evenfall.chat import api as chat
from evenfall.config import errors
from evenfall.config.plain_input import PlainParser
from evenfall.foresight import api as foresight
from evenfall.identity import api as identity
from evenfall.importing import api as importing
from evenfall.incidents import api as incidents
from evenfall.insights import api as insights
from evenfall.manifests import api as manifests
from evenfall.monitors import api as monitors
from evenfall.notifications import api as notifications
from evenfall.oncall import api as oncall
from evenfall.paging import api as paging
from evenfall.patterns import api as patterns
from evenfall.platform.errors import DomainError
from evenfall.postmortems import api as postmortems
from evenfall.releases import api as releases
from evenfall.rollouts import api as rollouts
from evenfall.runbooks import api as runbooks
from evenfall.slo import api as slo
from evenfall.statuspages import api as statuspages
from evenfall.telemetry import api as telemetry
from evenfall.triage import api as triage

_TEXT = {"type": "string"}
_PROBLEM = {
    "title": "Problem",
    "type": "object",
    "description": "RFC 9457. `code` is stable: test for it rather than for the words.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        **dict.fromkeys(("type", "title", "detail", "code", "field"), _TEXT),
        "status": {"type": "integer"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["where", "what"],
                "properties": {"where": _TEXT, "what": _TEXT},
            },
        },
    },
}
_REFUSED = {
    "description": "Refused, and why",
    "content": {
        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}},
    },
}


class _Described(NinjaGenerateJsonSchema):
    """Gives the words of a domain its name: "TriageState" and "IncidentsState", not "State" twice.

    Ninja puts the parts of all operations into one table by name, so that the second "State" would
    silently stand for the first.
    """

    @override
    def get_defs_ref(self, core_mode_ref: CoreModeRef) -> DefsRef:
        name = super().get_defs_ref(core_mode_ref)
        place = core_mode_ref[0].split(".")
        if place[0] == "evenfall" and "logic" in place:
            choices = self._prioritized_defsref_choices[name]
            choices[0] = DefsRef(f"{place[1].capitalize()}{choices[0]}")
        return name


# there is no setting for it
ninja_openapi.NinjaGenerateJsonSchema = _Described  # type: ignore[attr-defined]


class _Api(NinjaAPI):
    @override
    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """Describe also how each operation refuses: the same way everywhere."""
        schema = super().get_openapi_schema(**options)
        schema["components"]["schemas"]["Problem"] = _PROBLEM
        for operations in schema["paths"].values():
            for operation in operations.values():
                operation["responses"]["default"] = _REFUSED
        return schema


api = _Api(
    title="Evenfall",
    version=__version__,
    urls_namespace="api",
    docs_url="/docs",
    parser=PlainParser(),
    description="Errors are problem+json; lists are cursor pages: {items, next}.",
)

for _router in (
    identity.router,
    catalog.router,
    changes.router,
    notifications.router,
    telemetry.router,
    oncall.router,
    paging.router,
    runbooks.router,
    alerting.router,
    slo.router,
    monitors.router,
    incidents.router,
    foresight.router,
    insights.router,
    rollouts.router,
    releases.router,
    postmortems.router,
    statuspages.router,
    triage.router,
    patterns.router,
    chat.router,
    importing.router,
    manifests.router,
):
    api.add_router("", _router)


@api.exception_handler(DomainError)
def _domain_error(_request: HttpRequest, error: DomainError | type[DomainError]) -> HttpResponse:
    return errors.problem(error if isinstance(error, DomainError) else error())


@api.exception_handler(OperationalError)
def _database_away(_request: HttpRequest, error: Any) -> HttpResponse:  # noqa: ANN401 - ninja's signature
    return errors.problem(errors.database_away(error))


@api.exception_handler(ValidationError)
def _validation(_request: HttpRequest, error: Any) -> HttpResponse:  # noqa: ANN401 - ninja's signature
    return _problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "invalid",
        "Some fields are missing or wrong. See errors.",
        errors=[{"where": ".".join(map(str, e["loc"])), "what": e["msg"]} for e in error.errors],
    )


@api.exception_handler(AuthenticationError)
def _authentication(_request: HttpRequest, _error: Any) -> HttpResponse:  # noqa: ANN401 - ninja's signature
    answer = _problem(HTTPStatus.UNAUTHORIZED, "unauthenticated", "Sign in, or send an API token.")
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(Http404)
def _not_found(_request: HttpRequest, _error: Any) -> HttpResponse:  # noqa: ANN401 - ninja's signature
    return _problem(HTTPStatus.NOT_FOUND, "not_found", "This does not exist. Check the address.")


@api.exception_handler(HttpError)
def _http_error(_request: HttpRequest, error: Any) -> HttpResponse:  # noqa: ANN401 - ninja's signature
    """Word what ninja refuses by itself: a body that is no JSON, or that the parser refused."""
    if isinstance(error.__cause__, DomainError):
        return errors.problem(error.__cause__)
    return _problem(HTTPStatus(error.status_code), "unreadable", f"{error}. Send JSON.")


def _problem(status: HTTPStatus, code: str, detail: str, **more: object) -> JsonResponse:
    body = {
        "type": f"urn:evenfall:error:{code}",
        "title": status.phrase,
        "status": int(status),
        "detail": detail,
        "code": code,
        **more,
    }
    return JsonResponse(body, status=status, content_type="application/problem+json")
