"""The list of incidents."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.ports import Environment
from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.incidents import queries
from evenfall.incidents.contexts import filters_of, tabs_of
from evenfall.incidents.logic.severity import Sev
from evenfall.incidents.queries import Filters, Show

_LIST: Final = "incidents/list.html"


@requires(Permission.VIEW)
@require_safe
def incident_list(request: HttpRequest) -> HttpResponse:
    """GET /incidents/: the whole page, or only its rows where htmx asks."""
    filters = filters_of(request.GET.dict())
    is_part = bool(request.headers.get("HX-Request"))
    context = {
        "page": queries.incidents_page(filters, cursor=request.GET.get("cursor")),
        "filters": filters,
        "is_filtered": filters != Filters(show=filters.show),
        "address": request.get_full_path(),
        "tabs": tabs_of(request.GET, filters.show, queries.live_counts()),
        "may_declare": viewer_of(request).can_somewhere(Permission.RESPOND),
    }
    if not is_part:
        context |= _choices()
    answer = render(request, f"{_LIST}#rows" if is_part else _LIST, context)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def _choices() -> dict[str, object]:
    return {
        "states": list(Show),
        "severities": list(Sev),
        "environments": list(Environment),
        "services": catalog_queries.services().values(),
        "teams": identity_queries.teams(),
    }
