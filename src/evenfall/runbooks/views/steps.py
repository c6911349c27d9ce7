"""Writing the steps of a runbook and what they ask for."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.platform.errors import Invalid
from evenfall.platform.forms import attempt
from evenfall.runbooks import actions, errors, ports, queries
from evenfall.runbooks.contexts import may_edit_steps, may_write, steps_of
from evenfall.runbooks.forms import ParameterForm, StepForm
from evenfall.runbooks.forms.steps import SET
from evenfall.runbooks.logic import checklist


@requires(Permission.VIEW)
@require_GET
def step_list(request: HttpRequest, runbook: str) -> HttpResponse:
    """GET /runbooks/disk-full/steps/: the steps in their order, and what they ask for."""
    viewer, found = viewer_of(request), queries.runbook_by_slug(runbook, now=utc_now())
    context = {
        "runbook": found,
        "steps": queries.steps(found.id),
        "parameters": queries.known_parameters(found.id),
        "placed": checklist.steps_in(found.text),
        "kinds": ports.step_kinds(),
        "may_edit": may_edit_steps(viewer, found.owner) and not found.is_archived,
        "may_run": may_write(viewer, found.owner) and not found.is_archived,
    }
    return render(request, "runbooks/steps.html", context)


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def new_step(request: HttpRequest, runbook: str, kind: str) -> HttpResponse:
    """GET, POST /runbooks/disk-full/steps/new/http/."""
    return _step_form(request, runbook, kind, None)


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def edit_step(request: HttpRequest, runbook: str, step: str) -> HttpResponse:
    """GET, POST /runbooks/disk-full/steps/restart/."""
    found = queries.step(queries.runbook_by_slug(runbook, now=utc_now()).id, step)
    return _step_form(request, runbook, found.kind, found)


@requires(Permission.MANAGE)
@require_POST
def move_step(request: HttpRequest, runbook: str, step: str) -> HttpResponse:
    """POST /runbooks/disk-full/steps/restart/move/ with `up` or `down`."""
    viewer, found = steps_of(request, runbook)
    up = "up" in request.POST
    actions.move_step(runbook_id=found.id, name=step, up=up, now=utc_now(), actor=viewer.actor)
    return redirect("runbooks:steps", found.slug)


@requires(Permission.MANAGE)
@require_POST
def remove_step(request: HttpRequest, runbook: str, step: str) -> HttpResponse:
    viewer, found = steps_of(request, runbook)
    actions.remove_step(runbook_id=found.id, name=step, now=utc_now(), actor=viewer.actor)
    messages.success(request, "Removed. What it did before stays in the list of runs.")
    return redirect("runbooks:steps", found.slug)


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def new_parameter(request: HttpRequest, runbook: str) -> HttpResponse:
    """GET, POST /runbooks/disk-full/parameters/new/."""
    return _parameter_form(request, runbook, None)


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def edit_parameter(request: HttpRequest, runbook: str, parameter: str) -> HttpResponse:
    """GET, POST /runbooks/disk-full/parameters/host/."""
    return _parameter_form(request, runbook, parameter)


@requires(Permission.MANAGE)
@require_POST
def remove_parameter(request: HttpRequest, runbook: str, parameter: str) -> HttpResponse:
    viewer, found = steps_of(request, runbook)
    try:
        actions.remove_parameter(
            runbook_id=found.id, name=parameter, now=utc_now(), actor=viewer.actor
        )
    except Invalid as error:
        messages.error(request, error.message)
    return redirect("runbooks:steps", found.slug)


def _step_form(
    request: HttpRequest, slug: str, kind_name: str, step: queries.StepView | None
) -> HttpResponse:
    viewer, found = steps_of(request, slug)
    kind = ports.step_kind(kind_name)
    if kind is None:
        raise errors.StepNotFound(step=kind_name)
    form = StepForm(request.POST or None, kind=kind, step=step)
    name = step.name if step else None

    def save() -> int:
        try:
            return actions.save_step(
                runbook_id=found.id,
                name=name,
                wish=form.wish(name or ""),
                now=utc_now(),
                actor=viewer.actor,
            )
        except Invalid as error:
            # the form calls the settings of a kind by names of their own
            if f"{SET}{error.field}" in form.fields:
                field = f"{SET}{error.field}"
                raise errors.StepUnclear(field=field, reason=error.message) from error
            raise

    saved = attempt(form, save) if request.method == "POST" else None
    if saved is not None:
        messages.success(request, "Saved. Try it with a dry run.")
        return redirect("runbooks:steps", found.slug)
    context = {
        "form": form,
        "runbook": found,
        "step": step,
        "kind": kind,
        "parameters": queries.known_parameters(found.id),
    }
    return render(request, "runbooks/step.html", context, status=422 if form.errors else 200)


def _parameter_form(request: HttpRequest, slug: str, name: str | None) -> HttpResponse:
    viewer, found = steps_of(request, slug)
    known = queries.parameter(found.id, name) if name is not None else None
    form = ParameterForm(request.POST or None, parameter=known)

    def save() -> bool:
        actions.save_parameter(
            runbook_id=found.id,
            name=name,
            parameter=form.parameter(name or ""),
            now=utc_now(),
            actor=viewer.actor,
        )
        return True

    if request.method == "POST" and attempt(form, save):
        messages.success(request, "Saved.")
        return redirect("runbooks:steps", found.slug)
    context = {"form": form, "runbook": found, "parameter": known}
    return render(request, "runbooks/parameter.html", context, status=422 if form.errors else 200)
