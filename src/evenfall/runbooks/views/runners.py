"""Runners: who is there, what each allows, a new one with its token, and revoking."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt
from evenfall.runbooks import actions, queries
from evenfall.runbooks.forms import RunnerForm


@requires(Permission.RESPOND)
@require_safe
def runner_list(request: HttpRequest) -> HttpResponse:
    return _page(request, RunnerForm())


@requires(Permission.ADMINISTER)
@require_POST
def new_runner(request: HttpRequest) -> HttpResponse:
    """Make a runner and show its token, this once."""
    form = RunnerForm(request.POST)
    token = attempt(form, lambda: _made(request, form)) or ""
    return _page(request, form, token)


def _page(request: HttpRequest, form: RunnerForm, token: str = "") -> HttpResponse:
    context = {
        "runners": queries.runners(now=utc_now()),
        "form": RunnerForm() if token else form,
        "token": token,
        "name": form.cleaned_data.get("name", "") if token else "",
        "origin": request.build_absolute_uri("/").rstrip("/"),
        "may_change": viewer_of(request).can(Permission.ADMINISTER),
    }
    status = 422 if form.errors else 200
    answer = render(request, "runbooks/runners.html", context, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def _made(request: HttpRequest, form: RunnerForm) -> str:
    name, actor = form.cleaned_data["name"], viewer_of(request).actor
    _, token = actions.create_runner(name=name, now=utc_now(), actor=actor)
    return token


@requires(Permission.ADMINISTER)
@require_POST
def revoke_runner(request: HttpRequest, runner_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    viewer.check(Permission.ADMINISTER)
    actions.revoke_runner(runner_id=runner_id, now=utc_now(), actor=viewer.actor)
    messages.success(request, "The token of the runner is worth nothing any more.")
    return redirect("runbooks:runners")
