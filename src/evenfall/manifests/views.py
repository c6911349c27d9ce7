"""Configuration as code, to look at: bundles, drift, the whole as one file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.manifests import queries
from evenfall.platform.clock import utc_now


@requires(Permission.MANAGE)
@require_GET
def configuration(request: HttpRequest) -> HttpResponse:
    viewer_of(request)
    context = {"bundles": queries.bundles(), "drifted": queries.drift(now=utc_now())}
    return render(request, "manifests/configuration.html", context)


@requires(Permission.MANAGE)
@require_GET
def download(request: HttpRequest) -> HttpResponse:
    viewer_of(request)
    text = queries.export(now=utc_now())
    answer = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="evenfall.yaml"'
    return answer
