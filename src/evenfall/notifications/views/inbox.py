"""Everything that was sent to somebody, or would have been."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.notifications import actions, queries
from evenfall.platform.clock import utc_now


@requires(Permission.OWN)
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """The list; htmx gets the list alone."""
    viewer = viewer_of(request)
    page = queries.inbox(
        user_id=viewer.user_id, now=utc_now(), cursor=request.GET.get("cursor") or None
    )
    context = {"page": page, "entries": queries.entries(page.items), "user_id": viewer.user_id}
    is_part = request.headers.get("HX-Request") == "true"
    template = "notifications/parts/entries.html" if is_part else "notifications/inbox.html"
    return render(request, template, context)


@requires(Permission.OWN)
@require_GET
def notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """One notice with its life. To look at it is to have read it."""
    viewer, now = viewer_of(request), utc_now()
    shown = queries.notice_of(notice_id=notice_id, user_id=viewer.user_id)
    if shown.read_at is None:
        actions.mark_read(notice_id=notice_id, user_id=viewer.user_id, now=now)
    is_answerable = bool(shown.actions) and shown.purpose != "verify"
    context = {
        "notice": shown,
        "links": actions.response_links(shown, now=now) if is_answerable else (),
    }
    return render(request, "notifications/notice.html", context)


@requires(Permission.OWN)
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    actions.mark_all_read(user_id=viewer_of(request).user_id, now=utc_now())
    return redirect("notifications:inbox")
