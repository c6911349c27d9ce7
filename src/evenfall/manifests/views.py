"""Configuration as code, to look at: bundles, drift, what a file would do, all as one file."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from evenfall.foresight.ports import headline
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.manifests import actions, queries
from evenfall.manifests.actions import Wish
from evenfall.manifests.forms import PlanForm
from evenfall.manifests.logic.effects import sums
from evenfall.platform.clock import utc_now
from evenfall.platform.errors import DomainError

_PASTED = "the file"


@requires(Permission.MANAGE)
@require_GET
def configuration(request: HttpRequest) -> HttpResponse:
    viewer_of(request)
    return _page(request, PlanForm(), {})


@requires(Permission.MANAGE)
@require_POST
def plan(request: HttpRequest) -> HttpResponse:
    """POST /configuration/plan/: what the pasted file would do. Nothing is changed."""
    viewer, form = viewer_of(request), PlanForm(request.POST)
    if not form.is_valid():
        return _page(request, form, {})
    said = form.cleaned_data
    wish = Wish(bundle=said["bundle"], files={_PASTED: said["text"]})
    try:
        found = actions.plan(wish=wish, viewer=viewer, now=utc_now(), days=said["days"])
    except DomainError as error:
        return _page(request, form, {"refused": error.message})
    report = found.effect.report if found.effect else None
    return _page(
        request,
        form,
        {
            "plan": found,
            "headline": headline(report) if report else "",
            "figures": sums(report) if report else {},
        },
    )


def _page(request: HttpRequest, form: PlanForm, more: Mapping[str, object]) -> HttpResponse:
    context = {
        "bundles": queries.bundles(),
        "drifted": queries.drift(now=utc_now()),
        "form": form,
        **more,
    }
    return render(request, "manifests/configuration.html", context)


@requires(Permission.MANAGE)
@require_GET
def download(request: HttpRequest) -> HttpResponse:
    viewer_of(request)
    text = queries.export(now=utc_now())
    answer = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="evenfall.yaml"'
    return answer
