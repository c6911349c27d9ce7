"""All objectives, those of a service, and those of a team."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenfall.catalog import queries as catalog_queries
from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.slo import contexts, queries

_PAGE = 30


@requires(Permission.VIEW)
@require_safe
def objective_list(request: HttpRequest) -> HttpResponse:
    """GET /objectives/: with filters by words, service, team and state; a page at a time."""
    filters = contexts.filters_of(request.GET.dict())
    page = queries.objectives_page(filters, cursor=request.GET.get("cursor"), size=_PAGE)
    context = {
        "lines": contexts.lines(page.items, now=utc_now()),
        "page": page,
        "filters": filters,
        "is_filtered": filters != queries.ObjectiveFilters(),
        "services": catalog_queries.services().values(),
        "teams": identity_queries.teams(),
        "states": contexts.STATE_NAMES.items(),
        "may_manage": viewer_of(request).can_somewhere(Permission.MANAGE),
        "due_reviews": queries.due_reviews(now=utc_now()),
    }
    return render(request, "slo/list.html", context)


@requires(Permission.VIEW)
@require_safe
def of_service(request: HttpRequest, slug: str) -> HttpResponse:
    """GET /objectives/services/checkout/: all objectives of a service."""
    service = catalog_queries.service_by_slug(slug)
    found = queries.objectives_of([service.id])
    context = {
        "title": service.name,
        "about_url": f"/services/{service.slug}/",
        "about": "The service",
        "new_query": f"?service={service.id}",
        "may_manage": viewer_of(request).can(Permission.MANAGE, team_id=service.team_id),
    }
    return _overview(request, found, context)


@requires(Permission.VIEW)
@require_safe
def of_team(request: HttpRequest, team_id: int) -> HttpResponse:
    """GET /objectives/teams/3/: all objectives of the services of a team."""
    team = identity_queries.team(team_id)
    services = catalog_queries.services_of_team(team_id)
    found = queries.objectives_of([one.id for one in services])
    context = {
        "title": team.name,
        "about_url": f"/teams/{team.slug}/",
        "about": "The team",
        "new_query": "",
        "may_manage": viewer_of(request).can(Permission.MANAGE, team_id=team_id),
    }
    return _overview(request, found, context)


def _overview(
    request: HttpRequest, found: list[queries.ObjectiveView], context: dict[str, object]
) -> HttpResponse:
    states = [view.state for view in found]
    context["counts"] = [
        (state.value, states.count(state)) for state in contexts.STATE_NAMES if state in states
    ]
    context["lines"] = contexts.lines(found, now=utc_now())
    return render(request, "slo/overview.html", context)
