"""Pages: the list, one of them on one screen, answering, and paging somebody by hand."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.paging import actions, errors, queries
from evenfall.paging.contexts import pages as contexts
from evenfall.paging.forms import CallForm
from evenfall.paging.ports import Response, Urgency
from evenfall.platform.clock import utc_now


@requires(Permission.VIEW)
@require_GET
def page_list(request: HttpRequest) -> HttpResponse:
    """Pages, the newest first: open ones, mine, or all."""
    viewer, which = viewer_of(request), request.GET.get("show", "open")
    found = queries.pages_page(
        cursor=request.GET.get("cursor"),
        open_only=which == "open",
        user_id=viewer.user_id if which == "mine" else None,
    )
    context = {
        "found": found,
        "which": which,
        "may_call": viewer.can_somewhere(Permission.RESPOND),
    }
    return render(request, "paging/pages.html", context)


@requires(Permission.VIEW)
@require_GET
def page(request: HttpRequest, page_id: int) -> HttpResponse:
    shown = queries.page(page_id)
    return render(request, "paging/page.html", contexts.page_context(shown, viewer_of(request)))


@requires(Permission.VIEW)
@require_GET
def page_part(request: HttpRequest, page_id: int) -> HttpResponse:
    """The live part of a page, fetched again when something happens."""
    shown = queries.page(page_id)
    context = contexts.page_context(shown, viewer_of(request))
    return render(request, "paging/parts/page.html", context)


@requires(Permission.VIEW)
@require_POST
def respond(request: HttpRequest, page_id: int) -> HttpResponse:
    """Answer a page; whoever was paged may, whatever their role."""
    viewer, shown = viewer_of(request), queries.page(page_id)
    if not contexts.may_answer(shown, viewer):
        viewer.check(Permission.RESPOND, team_id=shown.team_id)
    team = request.POST.get("help_team", "")
    actions.respond(
        page_id=page_id,
        response=read_response(request.POST.get("response", "")),
        user_id=viewer.user_id,
        via="web",
        now=utc_now(),
        actor=viewer.actor,
        help_team_id=int(team) if team.isdecimal() else None,
    )
    return redirect("paging:page", page_id)


@requires(Permission.VIEW)
@require_GET
def digest(request: HttpRequest, digest_id: int) -> HttpResponse:
    """The pages that came together in one message to the viewer."""
    viewer = viewer_of(request)
    context = {
        "digest_id": digest_id,
        "pages": queries.digest_pages(digest_id, user_id=viewer.user_id),
    }
    return render(request, "paging/digest.html", context)


@requires(Permission.VIEW)
@require_POST
def respond_to_digest(request: HttpRequest, digest_id: int) -> HttpResponse:
    """Give one answer to all open pages of the viewer's own digest."""
    viewer = viewer_of(request)
    actions.respond_to_digest(
        digest_id=digest_id,
        response=read_response(request.POST.get("response", "")),
        user_id=viewer.user_id,
        via="web",
        now=utc_now(),
        actor=viewer.actor,
    )
    return redirect("paging:digest", digest_id)


@requires(Permission.RESPOND)
@require_http_methods(["GET", "POST"])
def call(request: HttpRequest) -> HttpResponse:
    """Page somebody by hand."""
    form = CallForm(
        request.POST or None,
        initial={"team_id": request.GET.get("team"), "user_id": request.GET.get("user")},
        teams=identity_queries.teams(),
        people=identity_queries.active_people(),
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            page_id = actions.page_by_hand(
                message=said["message"],
                team_id=said["team_id"],
                user_id=said["user_id"],
                urgency=Urgency(said["urgency"]),
                now=utc_now(),
                actor=viewer_of(request).actor,
            )
        except errors.NobodyToPage as error:
            form.add_error("team_id", error.message)
        else:
            return redirect("paging:page", page_id)
    status = 422 if form.errors else 200
    return render(request, "paging/call.html", {"form": form}, status=status)


def read_response(said: str) -> Response:
    """Raise `ResponseUnknown` for anything else than an answer."""
    if said not in set(Response):
        raise errors.ResponseUnknown(
            field="response", response=said or "(none)", known=", ".join(Response)
        )
    return Response(said)
