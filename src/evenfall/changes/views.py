"""What changed, on pages: of one service."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from evenfall.catalog import queries as catalog_queries
from evenfall.changes import queries
from evenfall.identity.access import requires
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now


@requires(Permission.VIEW)
@require_GET
def of_service(request: HttpRequest, slug: str) -> HttpResponse:
    service = catalog_queries.service_by_slug(slug)
    page = queries.changes_page(service_id=service.id, cursor=request.GET.get("cursor"))
    context = {"service": service, "page": page, "changes": queries.change_views(page.items)}
    return render(request, "changes/changes.html", context)


@requires(Permission.VIEW)
@require_GET
def recent(request: HttpRequest, slug: str) -> HttpResponse:
    """The last five, as a part of the page of a service."""
    service = catalog_queries.service_by_slug(slug)
    context = {"service": service, "changes": queries.recent_changes(service.id, utc_now())}
    return render(request, "changes/recent.html", context)
