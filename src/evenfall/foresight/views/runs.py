"""What-ifs: the panel on the pages that change something, the list, one with its charts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from evenfall.foresight import actions, contexts, errors, ports, queries
from evenfall.foresight.actions import Asked
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.platform.errors import DomainError

DAYS = 7


@requires(Permission.RESPOND)
@require_POST
def ask(request: HttpRequest, kind: str) -> HttpResponse:
    """POST /what-if/ask/rule/?id=3 with the whole form of the page: a part of that page.

    What the form would be refused for is said in the panel; nothing is saved.
    """
    viewer, number = viewer_of(request), _number(request.GET.get("id", ""))
    try:
        known = ports.kind_named(kind)
        if known.from_form is None:
            raise errors.KindUnknown(field="kind", kind=kind, kinds=", ".join(ports.kinds()))
        value = known.from_form(request.POST, number, viewer)
        what_if_id = actions.ask(
            changes=[Asked(kind=kind, value=value)],
            title=_title(kind, number, request.POST.get("name", "")),
            days=_number(request.POST.get("what-if-days", "")) or DAYS,
            now=utc_now(),
            actor=viewer.actor,
            by_name=viewer.name,
        )
    except DomainError as error:
        return render(request, "foresight/parts/refused.html", {"problem": error.message})
    return _part(request, queries.run(what_if_id))


@requires(Permission.VIEW)
@require_safe
def progress(request: HttpRequest, what_if_id: int) -> HttpResponse:
    """GET /what-if/3/part/: the panel again, while a long one is under way."""
    return _part(request, queries.run(what_if_id))


@requires(Permission.VIEW)
@require_safe
def one(request: HttpRequest, what_if_id: int) -> HttpResponse:
    """GET /what-if/3/"""
    found = queries.run(what_if_id)
    context = {
        "run": found,
        **contexts.shown(found.report),
        "chart": contexts.chart(found.report) if found.report else None,
    }
    return render(request, "foresight/run.html", context)


@requires(Permission.VIEW)
@require_safe
def run_list(request: HttpRequest) -> HttpResponse:
    """GET /what-if/"""
    page = queries.runs_page(cursor=request.GET.get("cursor"))
    return render(request, "foresight/runs.html", {"page": page})


def _part(request: HttpRequest, found: queries.RunView) -> HttpResponse:
    context = {"run": found, **contexts.shown(found.report)}
    return render(request, "foresight/parts/answer.html", context)


def _title(kind: str, number: int | None, name: str) -> str:
    what = f"{kind.capitalize()} {name.strip()}".strip()
    return what if number is not None else f"New {what[0].lower()}{what[1:]}"


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None  # noqa: PLR2004 - below 2^63
