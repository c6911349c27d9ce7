"""Runbooks in an incident: which ones fit, ticking their tasks, saying how it went."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST, require_safe

from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.incidents import queries
from evenfall.incidents.contexts import responder_of
from evenfall.incidents.queries import IncidentView
from evenfall.incidents.queries.runbooks import incident_runbooks
from evenfall.platform.clock import utc_now
from evenfall.platform.errors import Invalid
from evenfall.platform.panels import Panel
from evenfall.runbooks import actions as runbooks_actions
from evenfall.runbooks import queries as runbooks_queries
from evenfall.runbooks.ports import Outcome
from evenfall.runbooks.queries import Checklist, RunbookView


def runbooks_panel(view: IncidentView, viewer: Viewer) -> Panel | None:
    """The card: what fits, how far it was worked through, and a word about what is missing."""
    found = incident_runbooks(view, now=utc_now())
    may_respond = viewer.can(Permission.RESPOND, team_id=view.team_id)
    if not (found.lines or found.elsewhere or may_respond):
        return None
    context = {"incident_id": view.id, "found": found, "may_respond": may_respond}
    return Panel(template="incidents/parts/runbooks.html", context=context)


@requires(Permission.VIEW)
@require_safe
def runbook(request: HttpRequest, incident_id: int, runbook: str) -> HttpResponse:
    """GET /incidents/17/runbooks/disk-full/: the text, with boxes to tick."""
    view, viewer = queries.incident(incident_id), viewer_of(request)
    found = runbooks_queries.runbook_by_slug(runbook, now=utc_now())
    checklist = runbooks_queries.checklist(found, view.subject)
    may_respond = viewer.can(Permission.RESPOND, team_id=view.team_id)
    context = {
        "incident": view,
        "runbook": found,
        "checklist": checklist,
        "progress": checklist.progress,
        "html": _with_boxes(found, checklist, view.subject, may_tick=may_respond),
        "runs": runbooks_queries.runs_of(view.subject, viewer=viewer),
        "may_respond": may_respond,
    }
    return render(request, "incidents/runbook.html", context)


@requires(Permission.RESPOND)
@require_POST
def tick(request: HttpRequest, incident_id: int, runbook: str) -> HttpResponse:
    """POST /incidents/17/runbooks/disk-full/tick/: `done` or `undo` holds the key of the task."""
    viewer = responder_of(request, incident_id)
    is_done = "done" in request.POST
    key = request.POST.get("done" if is_done else "undo", "")
    runbooks_actions.tick(
        runbook_id=runbooks_queries.runbook_by_slug(runbook, now=utc_now()).id,
        subject=f"incident:{incident_id}",
        key=key,
        is_done=is_done,
        now=utc_now(),
        actor=viewer.actor,
    )
    answer = redirect("incidents:runbook", incident_id, runbook)
    answer["Location"] += f"#task-{key}"
    return answer


@requires(Permission.RESPOND)
@require_POST
def use(request: HttpRequest, incident_id: int, runbook: str) -> HttpResponse:
    """POST /incidents/17/runbooks/disk-full/use/: it helped, or it is wrong."""
    viewer = responder_of(request, incident_id)
    is_wrong = request.POST.get("outcome") == Outcome.WRONG
    try:
        runbooks_actions.record_use(
            runbook_id=runbooks_queries.runbook_by_slug(runbook, now=utc_now()).id,
            outcome=Outcome.WRONG if is_wrong else Outcome.HELPED,
            text=request.POST.get("text", ""),
            subject=f"incident:{incident_id}",
            now=utc_now(),
            actor=viewer.actor,
        )
    except Invalid as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "Thank you. Its owner hears of it." if is_wrong else "Noted.")
    return redirect("incidents:runbook", incident_id, runbook)


@requires(Permission.RESPOND)
@require_POST
def miss(request: HttpRequest, incident_id: int) -> HttpResponse:
    """POST /incidents/17/runbooks/missing/: there should have been one."""
    viewer, view = responder_of(request, incident_id), queries.incident(incident_id)
    try:
        runbooks_actions.report_missing(
            text=request.POST.get("text", ""),
            service_id=view.service_id,
            subject=view.subject,
            now=utc_now(),
            actor=viewer.actor,
        )
    except Invalid as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "Noted. It stands in the list of missing runbooks.")
    return redirect("incidents:incident", incident_id)


def _with_boxes(
    found: RunbookView, checklist: Checklist, subject: str, *, may_tick: bool
) -> SafeString:
    def draw(task: runbooks_queries.Task) -> str:
        ticked = checklist.ticked.get(task.key)
        return format_html(
            '<button class="tick" id="task-{key}" form="ticks" name="{name}" value="{key}" '
            'aria-pressed="{pressed}" aria-label="{label}"{disabled}><span class="task-box">{mark}'
            "</span></button>{by}",
            key=task.key,
            name="undo" if ticked else "done",
            pressed="true" if ticked else "false",
            label=f"Done: {task.text}",
            disabled="" if may_tick else mark_safe(" disabled"),
            mark="✓" if ticked else "",
            by=format_html('<span class="ticked-by">{}: </span>', ticked.by) if ticked else "",
        )

    steps = {one.name: one for one in runbooks_queries.steps(found.id)}

    def draw_step(name: str) -> str:
        context = {
            "runbook": found,
            "step": steps.get(name),
            "name": name,
            "may_run": may_tick,
            "subject": subject,
        }
        return render_to_string("runbooks/parts/step.html", context)

    return mark_safe(runbooks_queries.to_html(found.text, draw, draw_step))  # noqa: S308 - cleaned there
