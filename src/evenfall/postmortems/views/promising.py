"""Actions: the list with its report, one of them, and what people do with it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.platform.errors import Conflict, Invalid
from evenfall.platform.forms import attempt
from evenfall.postmortems import actions, queries
from evenfall.postmortems.contexts import hinted, promiser_of, team_ids, writer_of
from evenfall.postmortems.forms import ActionForm, ExtendForm, StepForm
from evenfall.postmortems.logic.action_life import (
    MOST_EXTENSIONS,
    ActionStep,
    Asker,
    Wish,
)
from evenfall.postmortems.queries import ActionFilters, Whose

_TABS = {
    Whose.MINE: "Mine",
    Whose.TEAM: "My teams",
    Whose.OVERDUE: "Overdue",
    Whose.OPEN: "Open",
    Whose.ALL: "All",
}


class Tab(Struct, frozen=True, kw_only=True):
    label: str
    href: str
    is_current: bool


@requires(Permission.VIEW)
@require_safe
def action_list(request: HttpRequest) -> HttpResponse:
    """GET /actions/?whose=mine."""
    viewer, now = viewer_of(request), utc_now()
    asked = request.GET.get("whose", "")
    whose = Whose(asked) if asked in set(Whose) else Whose.OPEN
    teams = team_ids(viewer) if whose is Whose.TEAM else []
    filters = ActionFilters(whose=whose, user_id=viewer.user_id, team_ids=teams)
    context = {
        "page": queries.actions_page(filters, now=now, cursor=request.GET.get("cursor")),
        "report": queries.action_report(now=now),
        "whose": whose,
        "tabs": [
            Tab(label=label, href=f"?whose={one.value}", is_current=one is whose)
            for one, label in _TABS.items()
        ],
    }
    return render(request, "postmortems/actions.html", context)


@requires(Permission.VIEW)
@require_safe
def one(request: HttpRequest, action_id: int) -> HttpResponse:
    """GET /actions/9/."""
    viewer = viewer_of(request)
    view = queries.action(action_id, now=utc_now())
    is_mine = viewer.user_id == view.owner_id
    context = {
        "action": view,
        "may_change": is_mine or viewer.can(Permission.RESPOND, team_id=view.team_id),
        "may_manage": viewer.can(Permission.MANAGE, team_id=view.team_id),
        "is_mine": is_mine,
        "may_extend": view.is_work and view.extensions < MOST_EXTENSIONS,
        "steps": [step.value for step in view.steps],
        "issue": queries.issue_of(action_id),
        "trackers": queries.trackers(only_on=True),
    }
    return render(request, "postmortems/action.html", context)


@requires(Permission.RESPOND)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, postmortem_id: int) -> HttpResponse:
    """GET, POST /postmortems/5/actions/."""
    viewer = writer_of(request, postmortem_id)
    view = queries.postmortem(postmortem_id)
    form = ActionForm(
        request.POST or None, people=identity_queries.active_people(), factors=view.factors
    )

    def save() -> int:
        return actions.add_action(
            postmortem_id=postmortem_id, draft=form.draft(), now=utc_now(), actor=viewer.actor
        )

    if request.method == "POST" and attempt(form, save) is not None:
        title = form.cleaned_data["title"]
        hinted(request, queries.action_hints(title, user_id=viewer.user_id))
        return redirect("postmortems:one", postmortem_id)
    return _form(request, form, {"postmortem": view, "title": "Add an action"})


@requires(Permission.VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, action_id: int) -> HttpResponse:
    """GET, POST /actions/9/edit/."""
    view = queries.action(action_id, now=utc_now())
    viewer = promiser_of(request, view)
    postmortem = queries.postmortem(view.postmortem_id)
    form = ActionForm(
        request.POST or None,
        people=identity_queries.active_people(),
        factors=sorted({*postmortem.factors, *filter(None, [view.factor])}),
        initial={
            "title": view.title,
            "owner_id": view.owner_id,
            "type": view.type.value,
            "level": view.level.value,
            "ticket_url": view.ticket_url,
            "guardrail_url": view.guardrail_url,
            "guardrail_kind": view.guardrail_kind.value if view.guardrail_kind else "",
            "effort": view.effort.value if view.effort else "",
            "factor": view.factor,
        },
    )

    def save() -> bool:
        actions.change_action(
            action_id=action_id, draft=form.draft(), now=utc_now(), actor=viewer.actor
        )
        return True

    if request.method == "POST" and attempt(form, save):
        title = form.cleaned_data["title"]
        hinted(request, queries.action_hints(title, user_id=viewer.user_id))
        return redirect("postmortems:action", action_id)
    return _form(request, form, {"postmortem": postmortem, "title": "Change the action"})


@requires(Permission.VIEW)
@require_POST
def move(request: HttpRequest, action_id: int) -> HttpResponse:
    """POST /actions/9/steps/: take a step, or say why it is not possible."""
    wanted = request.POST.get("step", "")
    if wanted not in set(ActionStep):
        raise Http404
    now = utc_now()
    view = queries.action(action_id, now=now)
    viewer = promiser_of(request, view)
    form = StepForm(request.POST)
    manages = viewer.can(Permission.MANAGE, team_id=view.team_id)

    def save() -> object:
        wish = Wish(
            step=ActionStep(wanted),
            proof_url=form.cleaned_data["proof_url"],
            reason=form.cleaned_data["reason"],
            review_at=form.review(),
        )
        asker = Asker(user_id=viewer.user_id, manages=manages)
        return actions.move_action(
            action_id=action_id, wish=wish, asker=asker, now=now, actor=viewer.actor
        )

    return _done(request, action_id, form, save)


@requires(Permission.VIEW)
@require_POST
def extend(request: HttpRequest, action_id: int) -> HttpResponse:
    """POST /actions/9/extend/: move its date."""
    now = utc_now()
    viewer = promiser_of(request, queries.action(action_id, now=now))
    form = ExtendForm(request.POST)

    def save() -> object:
        return actions.extend_action(
            action_id=action_id,
            due_at=form.due(),
            reason=form.cleaned_data["reason"],
            now=now,
            actor=viewer.actor,
        )

    return _done(request, action_id, form, save)


def _done(
    request: HttpRequest,
    action_id: int,
    form: StepForm | ExtendForm,
    save: Callable[[], object],
) -> HttpResponse:
    """Back to the action; what was refused is said at the top of it."""
    if not form.is_valid():
        messages.error(request, "Not saved: fill in the date and the reason.")
        return redirect("postmortems:action", action_id)
    try:
        save()
    except (Conflict, Invalid) as error:
        messages.error(request, error.message)
    return redirect("postmortems:action", action_id)


def _form(request: HttpRequest, form: ActionForm, context: dict[str, object]) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "postmortems/form.html", {"form": form, **context}, status=status)
