"""What changed, on pages: everywhere, of one service, and one change."""

from datetime import datetime
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from evenfall.catalog import queries as catalog_queries
from evenfall.changes import actions, contexts, ports, queries
from evenfall.changes.forms import ChangeForm
from evenfall.changes.queries import ChangeView, Filters
from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt
from evenfall.platform.tables import csv_text

_LIST: Final = "changes/list.html"
MOST_EXPORTED: Final = 10_000
COLUMNS: Final = (
    "id",
    "at",
    "finished_at",
    "kind",
    "state",
    "service",
    "environment",
    "summary",
    "version",
    "previous_version",
    "commit",
    "first_commit_at",
    "unplanned",
    "caused_an_incident",
    "undone_at",
    "source",
    "external_id",
    "actor",
)


@requires(Permission.VIEW)
@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """GET /changes/: the whole page, or only its rows where htmx asks."""
    zone = contexts.zone_of(request)
    filters = contexts.filters_of(request.GET.dict(), zone)
    page = queries.changes_page(filters, cursor=request.GET.get("cursor"))
    is_part = bool(request.headers.get("HX-Request"))
    viewer = viewer_of(request)
    context = {
        "page": page,
        "rows": contexts.rows_of(page.items),
        "filters": filters,
        "is_filtered": filters != Filters(),
        "asked": request.GET,
        "address": request.get_full_path(),
        "query": request.GET.urlencode(),
        "density": contexts.density_of(filters, zone=zone, now=utc_now()),
        "may_report": viewer.can_somewhere(Permission.RESPOND),
        "may_connect": viewer.can_somewhere(Permission.MANAGE),
    }
    if not is_part:
        context |= contexts.choices()
    answer = render(request, f"{_LIST}#rows" if is_part else _LIST, context)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


@requires(Permission.VIEW)
@require_safe
def change(request: HttpRequest, change_id: int) -> HttpResponse:
    """GET /changes/17/: all that is known of it, and what happened afterwards."""
    view = queries.change(change_id)
    service = catalog_queries.services([view.service_id]) if view.service_id else {}
    context = {
        "change": view,
        "service": service.get(view.service_id or 0),
        "who": identity_queries.actor_names([view.actor]).get(view.actor, ""),
        "afterwards": ports.afterwards(view, viewer_of(request)),
        "details": [(name, value) for name, value in view.details.items() if value],
    }
    return render(request, "changes/change.html", context)


@requires(Permission.RESPOND)
@require_http_methods(["GET", "POST"])
def record(request: HttpRequest) -> HttpResponse:
    """GET, POST /changes/new/: a change that no tool reported."""
    now = utc_now()
    form = ChangeForm(
        request.POST or None,
        services=catalog_queries.services().values(),
        initial={"service_id": request.GET.get("service")},
    )

    def save() -> int:
        told = form.told(now)
        viewer = contexts.responder_of(request, told["service_id"])
        return actions.record_change(**told, source="by hand", now=now, actor=viewer.actor)

    if request.method == "POST" and (change_id := attempt(form, save)):
        messages.success(request, "It is in the ledger.")
        return redirect("changes:change", change_id)
    status = 422 if form.errors else 200
    return render(request, "changes/record.html", {"form": form}, status=status)


@requires(Permission.VIEW)
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """GET /changes/export.csv: what the filters of the page leave, newest first, at most 10,000."""
    filters = contexts.filters_of(request.GET.dict(), contexts.zone_of(request))
    views: list[ChangeView] = []
    cursor: str | None = None
    while len(views) < MOST_EXPORTED:
        page = queries.changes_page(filters, cursor=cursor, size=500)
        views += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    rows = [_cells(row) for row in contexts.rows_of(views)]
    answer = HttpResponse(csv_text(COLUMNS, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="changes.csv"'
    return answer


def _cells(row: dict[str, object]) -> list[str]:
    view, service = row["change"], row["service"]
    assert isinstance(view, ChangeView)  # noqa: S101 - see rows_of
    other = {
        "service": getattr(service, "slug", ""),
        "unplanned": "yes" if view.is_unplanned else "",
        "caused_an_incident": "yes" if view.harm_known_at else "",
    }
    return [other[name] if name in other else _cell(getattr(view, name)) for name in COLUMNS]


def _cell(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value or "")


@requires(Permission.VIEW)
@require_GET
def of_service(request: HttpRequest, slug: str) -> HttpResponse:
    """GET /services/shop/changes/"""
    service = catalog_queries.service_by_slug(slug)
    filters = Filters(service_id=service.id)
    page = queries.changes_page(filters, cursor=request.GET.get("cursor"))
    context = {"service": service, "page": page, "changes": page.items}
    return render(request, "changes/changes.html", context)


@requires(Permission.VIEW)
@require_GET
def recent(request: HttpRequest, slug: str) -> HttpResponse:
    """The last five, as a part of the page of a service."""
    service = catalog_queries.service_by_slug(slug)
    context = {"service": service, "changes": queries.recent_changes(service.id, utc_now())}
    return render(request, "changes/recent.html", context)
