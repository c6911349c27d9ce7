"""Personal rules: how I want to be reached."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.paging import actions, queries
from evenfall.paging.contexts import rules as contexts
from evenfall.paging.forms import HoursForm, RulesEditor
from evenfall.paging.ports import Urgency
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt

STRUCTURAL = ("add", "remove.", "up.", "down.")


@requires(Permission.OWN)
@require_http_methods(["GET", "POST"])
def my_rules(request: HttpRequest) -> HttpResponse:
    """Show the rules, rearrange them, or save; every POST comes with one wish."""
    viewer, now = viewer_of(request), utc_now()
    saved = queries.rules_of([viewer.user_id])[viewer.user_id]
    offered = contexts.offered(viewer, saved)
    wish = request.POST.get("do", "save")
    if request.method == "GET":
        return _page(request, RulesEditor.of(saved, offered))
    if wish == "reset":
        actions.reset_rules(user_id=viewer.user_id, now=now, actor=viewer.actor)
        return redirect("paging:rules")
    if wish.startswith(STRUCTURAL):
        return _page(request, RulesEditor.rearranged(request.POST, offered, wish))
    editor = RulesEditor.posted(request.POST, offered)
    if not editor.is_valid():
        return _page(request, editor, status=422)
    actions.save_rules(user_id=viewer.user_id, rules=editor.rules(), now=now, actor=viewer.actor)
    return redirect("paging:rules")


@requires(Permission.OWN)
@require_POST
def my_hours(request: HttpRequest) -> HttpResponse:
    """Save when what is not urgent may come."""
    viewer = viewer_of(request)
    form = HoursForm(request.POST)

    def save() -> HttpResponse:
        actions.save_hours(
            user_id=viewer.user_id, hours=form.hours(), now=utc_now(), actor=viewer.actor
        )
        messages.success(request, "Saved. Outside these hours only what is urgent comes.")
        return redirect("paging:rules")

    if answer := attempt(form, save):
        return answer
    saved = queries.rules_of([viewer.user_id])[viewer.user_id]
    editor = RulesEditor.of(saved, contexts.offered(viewer, saved))
    return _page(request, editor, hours_form=form, status=422)


@requires(Permission.OWN)
@require_POST
def rehearse(request: HttpRequest) -> HttpResponse:
    """Send oneself what a page would send, or end that."""
    viewer, now = viewer_of(request), utc_now()
    if request.POST.get("do") == "end":
        actions.end_rehearsal(user_id=viewer.user_id, now=now)
        messages.success(request, "The rest is not sent.")
    else:
        is_low = request.POST.get("urgency") == Urgency.LOW.value
        actions.start_rehearsal(
            user_id=viewer.user_id, urgency=Urgency.LOW if is_low else Urgency.HIGH, now=now
        )
        messages.success(request, "On its way, by your rules and at their times.")
    return redirect(f"{reverse('paging:rules')}#rehearsal")


def _page(
    request: HttpRequest,
    editor: RulesEditor,
    *,
    hours_form: HoursForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The timeline shows the rows as they stand where they can be read, else what is saved."""
    viewer = viewer_of(request)
    rules = editor.drafted() or queries.rules_of([viewer.user_id])[viewer.user_id]
    context = contexts.rules_page(viewer, editor, rules, now=utc_now())
    hours = context["hours"]
    shown = {"days": sorted(hours.days), "start": hours.start, "end": hours.end}
    context["hours_form"] = hours_form or HoursForm(initial=shown)
    return render(request, "paging/rules.html", context, status=status)
