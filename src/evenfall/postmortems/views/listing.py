"""The library, one post-mortem, and its documents."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.postmortems import errors, queries
from evenfall.postmortems.contexts import buttons
from evenfall.postmortems.logic.states import State
from evenfall.postmortems.queries import LibraryFilters


@requires(Permission.VIEW)
@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """GET /postmortems/: all of them, searched and filtered."""
    filters = _filters(request)
    context = {
        "page": queries.library(filters, cursor=request.GET.get("cursor")),
        "filters": filters,
        "is_filtered": filters != LibraryFilters(),
        "states": list(State),
        "teams": identity_queries.teams(),
        "may_edit_templates": viewer_of(request).can(Permission.MANAGE),
    }
    return render(request, "postmortems/library.html", context)


@requires(Permission.VIEW)
@require_safe
def one(request: HttpRequest, postmortem_id: int) -> HttpResponse:
    """GET /postmortems/5/."""
    viewer, now = viewer_of(request), utc_now()
    view = queries.postmortem(postmortem_id)
    may_write = viewer.can(Permission.RESPOND, team_id=view.team_id)
    comments = queries.comments(postmortem_id)
    context = {
        "postmortem": view,
        "sections": [
            (section, [one for one in comments if one.section_id == section.id])
            for section in queries.sections(postmortem_id)
        ],
        "comments": [one for one in comments if one.section_id is None],
        "actions": queries.actions_of(postmortem_id, now=now),
        "attachments": queries.attachments(postmortem_id),
        "publication": queries.publication_of(postmortem_id),
        "may_comment": viewer.can(Permission.FOLLOW, team_id=view.team_id),
        "buttons": buttons(view, viewer),
        "may_write": may_write,
        "may_edit": may_write and view.is_editable,
        "is_late": view.is_unfinished and view.due_at < now,
    }
    return render(request, "postmortems/one.html", context)


@requires(Permission.VIEW)
@require_safe
def export_markdown(_request: HttpRequest, postmortem_id: int) -> HttpResponse:
    """GET /postmortems/5/export.md."""
    text = queries.as_markdown(postmortem_id, now=utc_now())
    return _file(text, "text/markdown", f"postmortem-{postmortem_id}.md")


@requires(Permission.VIEW)
@require_safe
def export_html(_request: HttpRequest, postmortem_id: int) -> HttpResponse:
    """GET /postmortems/5/export.html: one file that needs nothing else."""
    text = queries.as_html(postmortem_id, now=utc_now())
    return _file(text, "text/html", f"postmortem-{postmortem_id}.html")


@requires(Permission.VIEW)
@require_safe
def export_pdf(request: HttpRequest, postmortem_id: int) -> HttpResponse:
    """GET /postmortems/5/export.pdf, where the extra for it is installed."""
    try:
        made = queries.as_pdf(postmortem_id, now=utc_now())
    except errors.PdfNotInstalled as error:
        messages.error(request, error.message)
        return redirect("postmortems:one", postmortem_id)
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="postmortem-{postmortem_id}.pdf"'
    return answer


def _file(text: str, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(text, content_type=f"{kind}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _filters(request: HttpRequest) -> LibraryFilters:
    """Read the filters from the address; what makes no sense filters nothing."""
    said = {name: value.replace("\0", "").strip() for name, value in request.GET.dict().items()}
    state, team = said.get("state", ""), said.get("team", "")
    is_number = team.isascii() and team.isdecimal() and len(team) < 18  # noqa: PLR2004 - a bigint
    return LibraryFilters(
        text=said.get("q", "")[:200],
        tag=said.get("tag", "").casefold()[:40],
        factor=said.get("factor", "")[:120],
        state=State(state) if state in set(State) else None,
        team_id=int(team) if is_number else None,
    )
