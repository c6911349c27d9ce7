"""Cover and swap requests: the list, one with its trace, asking, answering."""

from collections.abc import Mapping
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
    may_manage = _manages_all(viewer, shown)
    may_respond = viewer.can(Permission.RESPOND, team_id=shown.team_id)
    is_agreed = shown.state is RequestState.ACCEPTED
    is_volunteer = may_respond and shown.is_open_to(viewer.user_id)
    diff, back_diff = None, None
    if shown.is_live:
        diff, back_diff = queries.diffs_of_request(shown, now=utc_now())
    context = {
        "shown": shown,
        "trace": queries.request_trace(request_id),
        "diff": diff,
        "back_diff": back_diff,
        "decline": forms.DeclineForm(),
        "is_asked": shown.is_put_to(viewer.user_id),
        "is_volunteer": is_volunteer and not shown.is_put_to(viewer.user_id),
        "may_withdraw": shown.is_live and _may_withdraw(viewer, shown),
        "may_answer": viewer.can(Permission.MANAGE, team_id=shown.answering_team_id),
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
    named = {one.id: one.name for one in queries.rotas()}
    offered = _offered(request, viewer, shown, named)
    form = _form(request, viewer, shown, offered)
    if request.headers.get("HX-Target") == "preview" and request.method == "POST":
        return render(request, "oncall/parts/request_preview.html", _preview(form, rota_id))
    if request.method == "POST" and "preview" not in request.POST:
        request_id = attempt(form, lambda: _ask(viewer, shown, form))
        if request_id is not None:
            messages.success(request, "Asked. Nothing changes until somebody says yes.")
            return redirect("oncall:request", request_id)
    further = {one: name for one, name in named.items() if one not in offered}
    context = {"form": form, "rota": shown, "further": further, **_preview(form, rota_id)}
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
    is_manager = _manages_all(viewer, shown)
    if viewer.user_id not in {shown.asker_id, shown.taker_id}:
        for team_id in shown.team_ids:
            viewer.check(Permission.MANAGE, team_id=team_id)
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
        viewer.check(Permission.MANAGE, team_id=shown.answering_team_id)
    elif not shown.is_put_to(user_id):
        viewer.check(Permission.RESPOND, team_id=shown.team_id)
    return user_id


def _manages_all(viewer: Viewer, shown: queries.RequestView) -> bool:
    return all(viewer.can(Permission.MANAGE, team_id=team_id) for team_id in shown.team_ids)


def _may_withdraw(viewer: Viewer, shown: queries.RequestView) -> bool:
    is_manager = viewer.can(Permission.MANAGE, team_id=shown.team_id)
    return is_manager or viewer.user_id == shown.asker_id


def _form(
    request: HttpRequest,
    viewer: Viewer,
    shown: queries.RotaDetail,
    offered: Mapping[int, str],
) -> forms.RequestForm:
    """A manager may ask for anybody, everybody else for themself."""
    shifts = queries.held_and_named(*offered, now=utc_now())
    here = [one for one in shifts if one.rota_id == shown.id]
    is_manager = viewer.can(Permission.MANAGE, team_id=shown.team_id)
    own = [one for one in here if is_manager or one.shift.user_id == viewer.user_id]
    others = [one for one in shifts if is_manager or one.shift.user_id != viewer.user_id]
    return forms.RequestForm(
        own,
        others,
        identity_queries.active_people(),
        request.POST or None,
        rota_names=offered,
        initial=_initial(request, own, viewer),
    )


def _offered(
    request: HttpRequest, viewer: Viewer, shown: queries.RotaDetail, named: Mapping[int, str]
) -> dict[int, str]:
    """The rotas whose shifts may be taken in return: this one, those of the viewer's teams, and
    any other that the address names.
    """
    given = request.GET.get("with", "")
    chosen = int(given) if given.isdecimal() and len(given) < MOST_DIGITS else 0
    near = {one.id for one in queries.rotas_of_teams(viewer.team_roles, and_ids=[chosen])}
    others = {rota_id: name for rota_id, name in named.items() if rota_id in near - {shown.id}}
    return {shown.id: shown.name, **others}


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
            return {"shift": forms.key_of(one)}
    mine = [one for one in own if one.shift.user_id == viewer.user_id]
    return {"shift": forms.key_of(mine[0])} if mine else {}


def _preview(form: forms.RequestForm, rota_id: int) -> dict[str, Any]:
    """What a yes would change and who is asked; nothing while the form is not filled in."""
    if not form.is_bound or not form.is_valid() or not _is_whole(form):
        return {"preview": None}
    preview = queries.request_preview(
        rota_id,
        shift=form.held,
        part=form.part,
        person_id=form.person_id,
        back=form.back_taken,
        now=utc_now(),
    )
    asks_team = form.cleaned_data["way"] in {Way.ONE_BY_ONE.value, Way.EVERYBODY.value}
    return {
        "preview": preview,
        "diff": preview.diff,
        "back_diff": preview.back_diff,
        "asks_team": asks_team,
    }


def _is_whole(form: forms.RequestForm) -> bool:
    """Whether every part ends after it starts."""
    parts = [form.part, *([form.back_taken.part] if form.back_taken else [])]
    return all(low < high for low, high in parts)


def _ask(viewer: Viewer, rota: queries.RotaDetail, form: forms.RequestForm) -> int:
    shift, back, filled = form.held, form.back_taken, form.cleaned_data
    given: dict[str, Any] = {
        "rota_id": rota.id,
        "asker_id": shift.user_id,
        "shift_at": shift.starts_at,
        "role": shift.role,
        "part_starts_at": filled["part_starts_at"],
        "part_ends_at": filled["part_ends_at"],
        "insist": filled["insist"],
        "note": filled["note"],
        "now": utc_now(),
        "actor": viewer.actor,
    }
    if back is not None:
        return actions.request_swap(
            **given,
            person_id=back.shift.user_id,
            back_at=back.shift.starts_at,
            back_rota_id=back.rota_id,
            back_role=back.shift.role,
            back_part_starts_at=filled["back_starts_at"],
            back_part_ends_at=filled["back_ends_at"],
        )
    return actions.request_cover(**given, way=Way(filled["way"]), person_id=form.person_id)
