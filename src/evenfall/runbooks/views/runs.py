"""Running steps: start, watch, approve, stop, undo, and the switch for everything."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.platform.errors import Conflict, Forbidden, Invalid
from evenfall.platform.forms import attempt
from evenfall.runbooks import actions, ports, queries
from evenfall.runbooks.contexts import may_write, run_of, show_of, subject_for, written_by
from evenfall.runbooks.forms import StartForm
from evenfall.runbooks.forms.steps import SET
from evenfall.runbooks.queries import RunbookView, ShowRuns

_SHOWS = (
    (ShowRuns.ALL, "All"),
    (ShowRuns.ACTIVE, "Under way"),
    (ShowRuns.WAITING, "Waiting for approval"),
    (ShowRuns.FAILED, "Not well"),
)


@requires(Permission.VIEW)
@require_GET
def run_list(request: HttpRequest) -> HttpResponse:
    """GET /runs/?show=waiting: what ran, and what waits for an approval."""
    viewer, show = viewer_of(request), show_of(request.GET.dict())
    page = queries.runs_page(show, viewer=viewer, cursor=request.GET.get("cursor"))
    context = {
        "page": page,
        "runs": page.items,
        "show": show,
        "shows": _SHOWS,
        "waiting": queries.waiting_count(),
        "switch": queries.switch(),
        "may_stop": viewer.can_somewhere(Permission.RESPOND),
        "may_allow": viewer.can(Permission.MANAGE),
    }
    return render(request, "runbooks/runs.html", context)


@requires(Permission.VIEW)
@require_GET
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """GET /runs/5/: what it does, live; the page reads its part again when the run moves."""
    viewer = viewer_of(request)
    found = queries.run(run_id, viewer=viewer)
    may_decide = may_write(viewer, found.owner)
    context = {
        "run": found,
        "may_decide": may_decide,
        "may_approve": may_decide and found.asker_id != viewer.user_id,
        "switch": queries.switch(),
    }
    return render(request, "runbooks/run.html", context)


@requires(Permission.RESPOND)
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, runbook: str) -> HttpResponse:
    """GET, POST /runbooks/disk-full/run/?subject=incident:17&step=restart: a trial, or for real."""
    viewer, found = written_by(request, runbook)
    given = request.POST or request.GET
    subject = subject_for(viewer, given.get("subject", "")[:80])
    form = _start_form(request, found, subject)

    def begin() -> int:
        try:
            return actions.start_run(
                runbook_id=found.id,
                step_ids=_ids(found, form.cleaned_data["steps"]),
                subject=subject,
                parameters=form.values(),
                is_dry="run" not in request.POST,
                user_id=viewer.user_id,
                now=utc_now(),
                actor=viewer.actor,
            )
        except Invalid as error:
            error.field = f"{SET}{error.field}"
            raise

    if request.method == "POST":
        number = attempt(form, begin)
        if number is not None:
            return redirect("runbooks:run", number)
    context = {
        "form": form,
        "runbook": found,
        "steps": queries.steps(found.id),
        "subject": subject,
        "about": ports.about(subject, viewer) if subject else None,
        "switch": queries.switch(),
    }
    return render(request, "runbooks/start.html", context, status=422 if form.errors else 200)


@requires(Permission.RESPOND)
@require_POST
def for_real(request: HttpRequest, run_id: int) -> HttpResponse:
    """POST /runs/5/for-real/: what a trial said, now done."""
    viewer, found = run_of(request, run_id)
    known = {one.name: one.id for one in queries.steps(found.runbook_id)}
    try:
        number = actions.start_run(
            runbook_id=found.runbook_id,
            step_ids=[known.get(one.name, 0) for one in found.steps],
            subject=found.subject,
            parameters=dict(found.parameters),
            user_id=viewer.user_id,
            now=utc_now(),
            actor=viewer.actor,
        )
    except (Conflict, Invalid) as error:
        messages.error(request, error.message)
        return redirect("runbooks:run", run_id)
    return redirect("runbooks:run", number)


@requires(Permission.RESPOND)
@require_POST
def decide(request: HttpRequest, run_id: int) -> HttpResponse:
    """POST /runs/5/decide/ with `approve`, `stop` or `undo`."""
    viewer, _ = run_of(request, run_id)
    now, actor, why = utc_now(), viewer.actor, request.POST.get("why", "")
    try:
        if "approve" in request.POST:
            actions.approve_step(run_id=run_id, user_id=viewer.user_id, now=now, actor=actor)
        elif "undo" in request.POST:
            actions.undo_run(run_id=run_id, why=why, now=now, actor=actor)
        elif "stop" in request.POST:
            actions.stop_run(run_id=run_id, why=why, now=now, actor=actor)
    except (Conflict, Forbidden) as error:
        messages.error(request, error.message)
    return redirect("runbooks:run", run_id)


@requires(Permission.RESPOND)
@require_POST
def stop_all(request: HttpRequest) -> HttpResponse:
    """POST /runs/stop/: no step acts any more. Every responder may pull this."""
    viewer = viewer_of(request)
    actions.stop_all_steps(why=request.POST.get("why", ""), now=utc_now(), actor=viewer.actor)
    messages.success(request, "Stopped. No step starts until a manager allows it again.")
    return redirect("runbooks:runs")


@requires(Permission.MANAGE)
@require_POST
def allow_all(request: HttpRequest) -> HttpResponse:
    """POST /runs/allow/: steps may act again."""
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE)
    actions.allow_steps(now=utc_now(), actor=viewer.actor)
    messages.success(request, "Steps may run again. What was stopped stays stopped.")
    return redirect("runbooks:runs")


def _start_form(request: HttpRequest, found: RunbookView, subject: str) -> StartForm:
    steps = queries.steps(found.id)
    chosen = request.GET.get("step", "")
    about = ports.about(subject, viewer_of(request))
    asked = [one for one in steps if one.name == chosen] if chosen else steps
    parameters = queries.parameters_asked(steps, queries.known_parameters(found.id))
    return StartForm(
        request.POST or None,
        steps=steps,
        parameters=parameters,
        known=about.values if about else {},
        initial={"steps": [one.name for one in asked or steps]},
    )


def _ids(found: RunbookView, names: list[str]) -> list[int]:
    return [one.id for one in queries.steps(found.id) if one.name in names]
