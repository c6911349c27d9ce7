"""Reading runbooks: the list, one runbook, its history."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET

from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform import markdown
from evenfall.platform.clock import utc_now
from evenfall.runbooks import queries
from evenfall.runbooks.contexts import filters_of, may_edit_steps, may_write
from evenfall.runbooks.logic import checklist
from evenfall.runbooks.logic.diffs import difference
from evenfall.runbooks.logic.documents import pack
from evenfall.runbooks.ports import number_of
from evenfall.runbooks.queries import Filters, RunbookView, Show, StepView

_SHOWS = (
    (Show.ALL, "All"),
    (Show.STALE, "Want a look"),
    (Show.UNLINKED, "Not linked"),
    (Show.ARCHIVED, "Archived"),
)


@requires(Permission.VIEW)
@require_GET
def runbook_list(request: HttpRequest) -> HttpResponse:
    """GET /runbooks/: all of them by title, or what a search finds."""
    now, text = utc_now(), request.GET.get("q", "").strip()
    filters = filters_of(request.GET.dict())
    page = (
        None if text else queries.runbooks_page(filters, now=now, cursor=request.GET.get("cursor"))
    )
    context = {
        "query": text,
        "filters": filters,
        "page": page,
        "runbooks": queries.runbook_views(page.items, now=now) if page else (),
        "found": queries.search(text, filters, now=now) if text else (),
        "is_filtered": bool(text) or filters != Filters(),
        "teams": identity_queries.teams(),
        "tags": queries.all_tags(),
        "shows": [
            (Show.ALL, "All"),
            (Show.STALE, "Want a look"),
            (Show.UNLINKED, "Not linked"),
            (Show.ARCHIVED, "Archived"),
        ],
        "missing": len(queries.missing()),
        "may_write": viewer_of(request).can_somewhere(Permission.RESPOND),
        "may_import": viewer_of(request).can_somewhere(Permission.MANAGE),
    }
    return render(request, "runbooks/list.html", context)


@requires(Permission.VIEW)
@require_GET
def runbook(request: HttpRequest, runbook: str) -> HttpResponse:
    """GET /runbooks/disk-full/."""
    found, viewer = queries.runbook_by_slug(runbook, now=utc_now()), viewer_of(request)
    steps = queries.steps(found.id)
    may_run = may_write(viewer, found.owner) and not found.is_archived
    context = {
        "runbook": found,
        "html": _with_steps(found, steps, may_run=may_run),
        "steps": steps,
        "unplaced": _unplaced(found, steps),
        "may_run": may_run,
        "may_edit_steps": may_edit_steps(viewer, found.owner) and not found.is_archived,
        "links": queries.links(found.id),
        "uses": queries.uses_of(found.id),
        "may_write": may_write(viewer, found.owner),
        "may_use": viewer.can_somewhere(Permission.RESPOND) and not found.is_archived,
    }
    return render(request, "runbooks/runbook.html", context)


def _with_steps(found: RunbookView, steps: Sequence[StepView], *, may_run: bool) -> SafeString:
    """The text with each step as a card at its place."""
    known = {one.name: one for one in steps}

    def draw(name: str) -> str:
        context = {"runbook": found, "step": known.get(name), "name": name, "may_run": may_run}
        return render_to_string("runbooks/parts/step.html", context)

    return mark_safe(checklist.to_html(found.text, checklist.plain_box, draw))  # noqa: S308 - cleaned there


def _unplaced(found: RunbookView, steps: Sequence[StepView]) -> list[StepView]:
    placed = checklist.steps_in(found.text)
    return [one for one in steps if one.name not in placed]


@requires(Permission.VIEW)
@require_GET
def history(request: HttpRequest, runbook: str) -> HttpResponse:
    """GET /runbooks/disk-full/versions/?from=2&to=5: the versions, and what changed between two."""
    found = queries.runbook_by_slug(runbook, now=utc_now())
    versions = queries.versions(found.id)
    newer = number_of(request.GET.get("to")) or found.number
    older = number_of(request.GET.get("from")) or max(newer - 1, 1)
    before, after = queries.version(found.id, older), queries.version(found.id, newer)
    context = {
        "runbook": found,
        "versions": versions,
        "before": before,
        "after": after,
        "lines": difference(before.text, after.text),
    }
    return render(request, "runbooks/history.html", context)


@requires(Permission.VIEW)
@require_GET
def version(request: HttpRequest, runbook: str, number: int) -> HttpResponse:
    """GET /runbooks/disk-full/versions/2/: one text as it was."""
    found = queries.runbook_by_slug(runbook, now=utc_now())
    shown = queries.version(found.id, number)
    context = {
        "runbook": found,
        "version": shown,
        "html": mark_safe(markdown.to_html(shown.text)),  # noqa: S308 - cleaned there
    }
    return render(request, "runbooks/version.html", context)


@requires(Permission.VIEW)
@require_GET
def export(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """GET /runbooks/export.zip: all of them as a folder of Markdown files."""
    answer = HttpResponse(pack(queries.documents_of_all()), content_type="application/zip")
    answer["Content-Disposition"] = 'attachment; filename="runbooks.zip"'
    return answer
