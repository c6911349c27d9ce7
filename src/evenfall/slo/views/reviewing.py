"""Exceptions to frozen budgets that want to be looked back at."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.slo import queries
from evenfall.slo.forms import ReviewForm


@requires(Permission.VIEW)
@require_safe
def exception_list(request: HttpRequest) -> HttpResponse:
    """GET /objectives/exceptions/?show=reviewed: those that wait, or those that had their look."""
    viewer, now = viewer_of(request), utc_now()
    is_reviewed = request.GET.get("show") == "reviewed"
    page = queries.exceptions_page(
        is_reviewed=is_reviewed, cursor=request.GET.get("cursor"), now=now
    )

    context = {
        "lines": [(one, viewer.can(Permission.MANAGE, team_id=one.team_id)) for one in page.items],
        "viewer_id": viewer.user_id,
        "page": page,
        "is_reviewed": is_reviewed,
        "form": ReviewForm(),
    }
    return render(request, "slo/exceptions.html", context)
