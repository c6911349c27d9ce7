"""Search."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenfall.identity.access import requires
from evenfall.identity.permissions import Permission
from evenfall.web.contexts import search

_LONGEST = 200


@requires(Permission.VIEW)
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """GET /search?q=: everything that has such a name; htmx takes the results out of the page."""
    found = search.search(request.GET.get("q", "")[:_LONGEST])
    return render(request, "web/search.html", {"found": found, "searched": found.query})
