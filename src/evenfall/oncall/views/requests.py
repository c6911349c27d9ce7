"""Cover and swap requests: the list, one with its trace, asking, answering."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.oncall import actions, forms, queries
from evenfall.oncall.logic.requests import LIVE, RequestState, Way
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt

CLOSED = frozenset(RequestState) - LIVE - {RequestState.ACCEPTED}
MOST_DIGITS = 19


@requires(Permission.VIEW)
@require_GET
def request_list(request: HttpRequest) -> HttpResponse:
    """What waits for the viewer first, then what they asked, then the rest."""
    viewer, now = viewer_of(request), utc_now()
    live = queries.live_requests()
    history, following = queries.requests_page(states=CLOSED, cursor=request.GET.get("cursor"))
    to_answer = [one for one in live if one.is_put_to(viewer.user_id)]
    mine = [one for one in live if one.asker_id == viewer.user_id]
    shown = {one.id for one in (*to_answer, *mine)}
    others = [one for one in live if one.id not in shown]
    context = {
        "to_answer": to_answer,
        "mine": mine,
        "own_teams": [one for one in others if one.team_id in viewer.team_roles],
        "others": [one for one in others if one.team_id not in viewer.team_roles],
        "agreed": queries.agreed_requests(now=now),
        "history": history,
        "next_cursor": following,
        "rotas": queries.rotas_of_teams(viewer.team_roles),
    }
    return render(request, "oncall/request_list.html", context)


@requires(Permission.VIEW)
@require_GET
def request_page(request: HttpRequest, request_id: int) -> HttpResponse:
    viewer, shown = viewer_of(request), queries.request(request_id)
    parties = {shown.asker_id, shown.taker_id}
    may_manage = viewer.can(Permission.MANAGE, team_id=shown.team_id)
    may_respond = viewer.can(Permission.RESPOND, team_id=shown.team_id)
    is_agreed = shown.state is RequestState.ACCEPTED
    is_volunteer = may_respond and shown.is_open_to(viewer.user_id)
    context = {
        "shown": shown,
        "trace": queries.request_trace(request_id),
        "diff": queries.diff_of_request(shown, now=utc_now()) if shown.is_live else None,
        "is_asked": shown.is_put_to(viewer.user_id),
        "is_volunteer": is_volunteer and not shown.is_put_to(viewer.user_id),
        "may_withdraw": shown.is_live and (may_manage or viewer.user_id == shown.asker_id),
        "may_undo": is_agreed and (may_manage or viewer.user_id in parties),
        "may_manage": may_manage,
        "viewer_id": viewer.user_id,
    }
    return render(request, "oncall/request.html", context)


@requires(Permission.RESPOND)
@require_http_methods(["GET", "POST"])
def new_request(request: HttpRequest, rota_id: int) -> HttpResponse:
    viewer, shown = viewer_of(request), queries.rota(rota_id)
    viewer.check(Permission.RESPOND, team_id=shown.team_id)
    form = _form(request, viewer, shown)
    if request.headers.get("HX-Target") == "preview" and request.method == "POST":
        return render(request, "oncall/parts/request_preview.html", _preview(form, rota_id))
    if request.method == "POST" and "preview" not in request.POST:
        request_id = attempt(form, lambda: _ask(viewer, shown, form))
        if request_id is not None:
            messages.success(request, "Asked. Nothing changes until somebody says yes.")
            return redirect("oncall:request", request_id)
    context = {"form": form, "rota": shown, **_preview(form, rota_id)}
    status = 422 if form.errors else 200
    return render(request, "oncall/request_form.html", context, status=status)


@requires(Permission.RESPOND)
@require_POST
def accept(request: HttpRequest, request_id: int) -> HttpResponse:
    viewer, user_id = viewer_of(request), _answerer(request, request_id)
    now = utc_now()
    actions.accept_request(request_id=request_id, user_id=user_id, now=now, actor=viewer.actor)
    messages.success(request, "Agreed. The rota is changed, and both were told.")
    return redirect("oncall:request", request_id)


@requires(Permission.RESPOND)
@require_POST
def decline(request: HttpRequest, request_id: int) -> HttpResponse:
    viewer, user_id = viewer_of(request), _answerer(request, request_id)
    actions.decline_request(
        request_id=request_id,
        user_id=user_id,
        note=request.POST.get("note", ""),
        now=utc_now(),
        actor=viewer.actor,
    )
    messages.success(request, "Declined. Whoever asked was told.")
    return redirect("oncall:request", request_id)


@requires(Permission.RESPOND)
@require_POST
def withdraw(request: HttpRequest, request_id: int) -> HttpResponse:
    viewer, shown = viewer_of(request), queries.request(request_id)
    own = viewer.user_id == shown.asker_id
    viewer.check(Permission.RESPOND if own else Permission.MANAGE, team_id=shown.team_id)
    actions.withdraw_request(request_id=request_id, now=utc_now(), actor=viewer.actor)
    messages.success(request, "Withdrawn. Everybody who was asked was told.")
    return redirect("oncall:request", request_id)


@requires(Permission.RESPOND)
@require_POST
def undo(request: HttpRequest, request_id: int) -> HttpResponse:
    viewer, shown = viewer_of(request), queries.request(request_id)
    is_manager = viewer.can(Permission.MANAGE, team_id=shown.team_id)
    if viewer.user_id not in {shown.asker_id, shown.taker_id}:
        viewer.check(Permission.MANAGE, team_id=shown.team_id)
    state = actions.undo_request(
        request_id=request_id,
        user_id=viewer.user_id,
        is_manager=is_manager,
        now=utc_now(),
        actor=viewer.actor,
    )
    is_undone = state is RequestState.UNDONE
    messages.success(request, "Undone." if is_undone else "The other one was asked to agree.")
    return redirect("oncall:request", request_id)


def _answerer(request: HttpRequest, request_id: int) -> int:
    """Who answers: the viewer, or for a manager also somebody else."""
    viewer, shown = viewer_of(request), queries.request(request_id)
    given = request.POST.get("user_id", "")
    user_id = int(given) if given.isdecimal() and len(given) < MOST_DIGITS else viewer.user_id
    if user_id != viewer.user_id:
        viewer.check(Permission.MANAGE, team_id=shown.team_id)
    elif not shown.is_put_to(user_id):
        viewer.check(Permission.RESPOND, team_id=shown.team_id)
    return user_id


def _form(request: HttpRequest, viewer: Viewer, shown: queries.RotaDetail) -> forms.RequestForm:
    """A manager may ask for anybody, everybody else for themself."""
    shifts = queries.held_and_named(shown.id, now=utc_now())
    is_manager = viewer.can(Permission.MANAGE, team_id=shown.team_id)
    own = [one for one in shifts if is_manager or one.shift.user_id == viewer.user_id]
    return forms.RequestForm(
        own,
        shifts if is_manager else [one for one in shifts if one not in own],
        identity_queries.active_people(),
        request.POST or None,
        initial=_initial(request, own, viewer),
    )


def _initial(request: HttpRequest, own: list[queries.NamedShift], viewer: Viewer) -> dict[str, Any]:
    """The shift that the address names by an instant in it and the role."""
    given = request.GET.get("starts", request.GET.get("starts_at", ""))
    try:
        at = parse_datetime(given)
    except ValueError:
        at = None
    role = request.GET.get("role", "primary")
    for one in own:
        covers = at and at.tzinfo and one.shift.starts_at <= at < one.shift.ends_at
        if covers and one.shift.role == role:
            return {"shift": forms.key_of(one.shift)}
    mine = [one.shift for one in own if one.shift.user_id == viewer.user_id]
    return {"shift": forms.key_of(mine[0])} if mine else {}


def _preview(form: forms.RequestForm, rota_id: int) -> dict[str, Any]:
    """What a yes would change and who is asked; nothing while the form is not filled in."""
    if not form.is_bound or not form.is_valid() or form.part[0] >= form.part[1]:
        return {"preview": None}
    preview = queries.request_preview(
        rota_id,
        shift=form.held,
        part=form.part,
        person_id=form.person_id,
        back=form.back_held,
        now=utc_now(),
    )
    asks_team = form.cleaned_data["way"] in {Way.ONE_BY_ONE.value, Way.EVERYBODY.value}
    return {"preview": preview, "diff": preview.diff, "asks_team": asks_team}


def _ask(viewer: Viewer, rota: queries.RotaDetail, form: forms.RequestForm) -> int:
    shift, back, filled = form.held, form.back_held, form.cleaned_data
    given: dict[str, Any] = {
        "rota_id": rota.id,
        "asker_id": shift.user_id,
        "shift_at": shift.starts_at,
        "role": shift.role,
        "insist": filled["insist"],
        "note": filled["note"],
        "now": utc_now(),
        "actor": viewer.actor,
    }
    if back is not None:
        return actions.request_swap(**given, person_id=back.user_id, back_at=back.starts_at)
    return actions.request_cover(
        **given,
        part_starts_at=filled["part_starts_at"],
        part_ends_at=filled["part_ends_at"],
        way=Way(filled["way"]),
        person_id=form.person_id,
    )
