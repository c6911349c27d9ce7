"""OpenSLO: look at what a text would change, import it, export."""

from collections.abc import Iterator, Mapping, Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe
from msgspec import Struct

from evenfall.catalog import queries as catalog_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.platform.errors import Conflict, Invalid, NotFound
from evenfall.slo import contexts, queries
from evenfall.slo.actions import importing
from evenfall.slo.forms import OpenSloForm
from evenfall.slo.queries import exports
from evenfall.telemetry import queries as telemetry_queries

_SERVICE, _SOURCE = "service.", "source."
_MOST = 2000
"""Objectives in one export."""


class Choice(Struct, frozen=True, kw_only=True):
    """One thing of the documents, and which of ours it may be."""

    field: str
    match: importing.Match
    options: Sequence[tuple[int, str]]


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def import_openslo(request: HttpRequest) -> HttpResponse:
    """GET, POST /objectives/import/: nothing is written before somebody saw what would be."""
    viewer = viewer_of(request)
    viewer.check_somewhere(Permission.MANAGE)
    form = OpenSloForm(request.POST or None, request.FILES or None)
    plan = None
    if request.method == "POST" and form.is_valid():
        text, mapped = form.text(), _mapped(request.POST.dict())
        if request.POST.get("do") == "import":
            try:
                done = importing.import_objectives(
                    text=text, mapped=mapped, viewer=viewer, now=utc_now()
                )
            except (Conflict, Invalid, NotFound) as error:
                form.add_error(None, error.message)
            else:
                messages.success(request, _words(done))
                return redirect("slo:objectives")
        plan = importing.plan_import(text=text, mapped=mapped, viewer=viewer)
        form = OpenSloForm(initial={"pasted": text}) if not form.errors else form
    context = {
        "form": form,
        "plan": plan,
        "choices": list(_choices(plan)) if plan else [],
        "counts": [(kind, plan.count(kind)) for kind in importing.StepKind] if plan else [],
    }
    return render(request, "slo/import.html", context, status=422 if form.errors else 200)


@requires(Permission.VIEW)
@require_safe
def export_openslo(request: HttpRequest) -> HttpResponse:
    """GET /objectives/export/: all objectives, those of `?service=` or the one of `?objective=`."""
    number, service_id = (contexts.number(request.GET.get(key)) for key in ("objective", "service"))
    name = "objectives"
    if number is not None:
        found = [queries.objective(number)]
        name = found[0].slug
    elif service_id is not None:
        name = catalog_queries.service(service_id).slug
        found = queries.objectives_of([service_id])
    else:
        found = queries.objectives_of(list(catalog_queries.services()))[:_MOST]
    answer = HttpResponse(exports.openslo_text(found), content_type="application/yaml")
    answer["Content-Disposition"] = f'attachment; filename="{name}.openslo.yaml"'
    return answer


def _mapped(said: Mapping[str, str]) -> importing.Mapped:
    def chosen(prefix: str) -> dict[str, int]:
        found = {
            key.removeprefix(prefix): contexts.number(value)
            for key, value in said.items()
            if key.startswith(prefix)
        }
        return {name: number for name, number in found.items() if number is not None}

    return importing.Mapped(services=chosen(_SERVICE), sources=chosen(_SOURCE))


def _choices(plan: importing.ImportPlan) -> Iterator[Choice]:
    services = [(one.id, one.name) for one in catalog_queries.services().values()]
    sources = [(one.id, one.name) for one in telemetry_queries.sources()]
    for prefix, matches, options in (
        (_SERVICE, plan.services, services),
        (_SOURCE, plan.sources, sources),
    ):
        for match in matches:
            yield Choice(field=f"{prefix}{match.thing.name}", match=match, options=options)


def _words(plan: importing.ImportPlan) -> str:
    kinds = importing.StepKind
    return (
        f"Imported: {plan.count(kinds.CREATE)} new, {plan.count(kinds.CHANGE)} changed, "
        f"{plan.count(kinds.SAME)} as they were, {plan.count(kinds.REFUSED)} left out."
    )
