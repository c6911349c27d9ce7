"""JSON mapping by pointing at values of a body that was received, or pasted."""

import json
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenfall.alerting import actions, queries
from evenfall.alerting.errors import IntegrationNotFound, MappingChangedMeanwhile
from evenfall.alerting.forms.mapping import MOST_JSON, mapping_form, mapping_in, mapping_of_json
from evenfall.alerting.logic.mapping import FIELDS, WHOLE_OBJECTS
from evenfall.alerting.logic.rule_changes import RuleChange, changes
from evenfall.alerting.logic.samples import tree_of
from evenfall.alerting.queries import IntegrationView, Sample
from evenfall.alerting.views.numbers import number_in
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.platform.errors import Conflict, Invalid


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def mapping(request: HttpRequest, integration_id: int) -> HttpResponse:
    view = _managed(request, integration_id)
    if request.method == "POST" and "save" in request.POST:
        try:
            _save(request, view)
        except (Invalid, Conflict) as error:
            context = _page(request, view) | {"problem": error.message}
            context["is_conflict"] = isinstance(error, MappingChangedMeanwhile)
            return render(request, "alerting/mapping.html", context, status=error.status)
        messages.success(request, "Saved. What comes from now on is read so.")
        return redirect("alerting:mapping", integration_id)
    return render(request, "alerting/mapping.html", _page(request, view))


@requires(Permission.MANAGE)
@require_GET
def export_mapping(request: HttpRequest, integration_id: int) -> HttpResponse:
    """GET /integrations/3/mapping.json: the mapping in force, to keep or to import elsewhere."""
    view = _managed(request, integration_id)
    shape = {"indent": 2, "ensure_ascii": False}
    answer = JsonResponse(dict(view.mapping), json_dumps_params=shape)
    answer["Content-Disposition"] = f'attachment; filename="mapping-{view.id}.json"'
    return answer


@requires(Permission.MANAGE)
@require_POST
def import_mapping(request: HttpRequest, integration_id: int) -> HttpResponse:
    """Show a mapping in JSON as a draft beside the one in force; nothing is saved yet."""
    view, given = _managed(request, integration_id), request.POST.get("json", "")
    try:
        draft = mapping_of_json(given)
    except Invalid as error:
        context = _page(request, view, draft=dict(view.mapping))
        context |= {"import_problem": error.message, "given_json": given[:MOST_JSON]}
        return render(request, "alerting/mapping.html", context, status=error.status)
    context = _page(request, view, draft=draft) | {"is_imported": True}
    return render(request, "alerting/mapping.html", context)


@requires(Permission.MANAGE)
@require_POST
def try_mapping(request: HttpRequest, integration_id: int) -> HttpResponse:
    """The alert that a draft makes of the samples; a part of the page."""
    context = _page(request, _managed(request, integration_id))
    return render(request, "alerting/mapping_parts.html", context)


@requires(Permission.MANAGE)
@require_POST
def restore_mapping(
    request: HttpRequest, integration_id: int, mapping_version: int
) -> HttpResponse:
    view = _managed(request, integration_id)
    actions.restore_mapping(
        integration_id=view.id,
        version=mapping_version,
        now=utc_now(),
        actor=viewer_of(request).actor,
        seen=number_in(request.POST.get("seen", "")),
    )
    messages.success(request, f"The mapping is as in version {mapping_version} again.")
    return redirect("alerting:mapping", integration_id)


def _managed(request: HttpRequest, integration_id: int) -> IntegrationView:
    view = queries.integration(integration_id)
    queries.check_managed(viewer_of(request), team_id=view.team_id, service_id=view.service_id)
    if view.kind != queries.PLAIN_JSON:
        raise IntegrationNotFound(integration_id=integration_id)
    return view


def _save(request: HttpRequest, view: IntegrationView) -> None:
    actions.change_mapping(
        integration_id=view.id,
        mapping=mapping_in(request.POST.dict()),
        now=utc_now(),
        actor=viewer_of(request).actor,
        note=request.POST.get("note", ""),
        seen=number_in(request.POST.get("version", "")),
    )


def _page(
    request: HttpRequest, view: IntegrationView, *, draft: dict[str, str] | None = None
) -> dict[str, Any]:
    """`draft` is shown instead of what the form says."""
    posted = request.POST.dict() if request.method == "POST" else None
    if draft is None:
        draft = dict(view.mapping) if posted is None else mapping_in(posted)
    samples = queries.last_samples(view.id, now=utc_now())
    pasted = (posted or {}).get("pasted", "")
    sample = _chosen(samples, pasted, (posted or request.GET).get("sample", ""))
    event = sample.events[0] if sample and sample.events else {}
    tree, is_cut = tree_of(event, draft)
    events = [one for known in samples for one in known.events] or list(
        sample.events if sample else ()
    )
    tried = queries.read_samples(samples, draft)
    versions = queries.mapping_versions(view.id)
    return {
        "integration": view,
        "draft": draft,
        "samples": samples,
        "sample": sample,
        "pasted": pasted,
        "tree": tree,
        "is_cut": is_cut,
        "form": mapping_form(draft, tree, events),
        "fields": dict(FIELDS),
        "wholes": WHOLE_OBJECTS,
        "now": queries.read_sample(sample, view.mapping) if sample else None,
        "then": queries.read_sample(sample, draft) if sample else None,
        "is_changed": draft != view.mapping,
        "difference": _difference(view.mapping, draft),
        "as_json": json.dumps(draft, indent=2, ensure_ascii=False),
        "tried": tried,
        "good": sum(not one.problems for one in tried),
        "versions": _with_differences(versions),
        "version": versions[0].about.version if versions else 0,
        "note": (posted or {}).get("note", ""),
    }


def _chosen(samples: list[Sample], pasted: str, wanted: str) -> Sample | None:
    if pasted.strip():
        return queries.sample_of(pasted.encode(errors="replace"), at=utc_now())
    number = number_in(wanted)
    return next((one for one in samples if one.id == number), samples[0] if samples else None)


def _with_differences(versions: list[queries.MappingAt]) -> list[dict[str, Any]]:
    """Each version with what it changed in the one before it."""
    befores = [*(one.mapping for one in versions), {}][1:]
    return [
        {
            "about": one.about,
            "change": _difference(before, one.mapping),
        }
        for one, before in zip(versions, befores, strict=True)
    ]


def _difference(before: Mapping[str, str], after: Mapping[str, str]) -> RuleChange | None:
    return next(iter(changes([_as_rule(before)], [_as_rule(after)])), None)


def _as_rule(mapping: Any) -> dict[str, Any]:  # noqa: ANN401 - a mapping, compared like a rule
    return {"id": 1, "name": "mapping", **{f"{name} ": path for name, path in mapping.items()}}
