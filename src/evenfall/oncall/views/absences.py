"""Being away: the page of absences, one tap for "I'm ill", and the calendars they are read from."""

from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.oncall import actions, forms, queries
from evenfall.oncall.queries import absence_boards
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt


@requires(Permission.OWN)
@require_GET
def absence_list(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    context = {
        "board": absence_boards.absence_board(viewer, now=utc_now()),
        "feeds": absence_boards.feeds_shown(viewer),
        "may_create": viewer.can_somewhere(Permission.MANAGE),
        "own_team_id": next(iter(viewer.team_roles), None),
    }
    return render(request, "oncall/absences.html", context)


@requires(Permission.OWN)
@require_POST
def ill(request: HttpRequest) -> HttpResponse:
    """Away from now until the end of tomorrow; the page offers to undo it."""
    viewer = viewer_of(request)
    actions.report_ill(
        user_id=viewer.user_id, zone=viewer.time_zone, now=utc_now(), actor=viewer.actor
    )
    messages.success(request, "Get well soon. Your duties are with others now.")
    return redirect("oncall:absences")


@requires(Permission.OWN)
@require_http_methods(["GET", "POST"])
def new_absence(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    form = forms.AbsenceForm(
        absence_boards.managed_people(viewer),
        request.POST or None,
        initial={
            "person": viewer.user_id,
            "starts_at": _midnight(1),
            "ends_at": _midnight(2),
        },
    )
    if request.method == "POST" and attempt(form, lambda: _add(viewer, form)) is not None:
        return redirect("oncall:absences")
    return _form(request, form, title="New absence")


@requires(Permission.OWN)
@require_http_methods(["GET", "POST"])
def edit_absence(request: HttpRequest, absence_id: int) -> HttpResponse:
    viewer, shown = viewer_of(request), queries.absence(absence_id)
    absence_boards.check_may_change(viewer, shown.user_id)
    person = identity_queries.people([shown.user_id])[shown.user_id]
    form = forms.AbsenceForm(
        [person],
        request.POST or None,
        initial={
            "person": shown.user_id,
            "kind": shown.kind,
            "starts_at": shown.starts_at,
            "ends_at": shown.ends_at,
            "note": shown.note,
        },
    )
    if request.method == "POST" and attempt(form, lambda: _change(viewer, absence_id, form)):
        return redirect("oncall:absences")
    return _form(request, form, title="Change absence")


@requires(Permission.OWN)
@require_POST
def cancel_absence(request: HttpRequest, absence_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    absence_boards.check_may_change(viewer, queries.absence(absence_id).user_id)
    actions.cancel_absence(absence_id=absence_id, now=utc_now(), actor=viewer.actor)
    messages.success(request, "The absence is over. Whoever stood in is released.")
    return redirect("oncall:absences")


@requires(Permission.OWN)
@require_http_methods(["GET", "POST"])
def new_calendar(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    form = forms.AbsenceCalendarForm(absence_boards.managed_teams(viewer), request.POST or None)
    if request.method == "POST" and attempt(form, lambda: _add_calendar(viewer, form)) is not None:
        messages.success(request, "The calendar is read now, and every ten minutes from now on.")
        return redirect("oncall:absences")
    status = 422 if form.errors else 200
    return render(request, "oncall/absence_calendar_form.html", {"form": form}, status=status)


@requires(Permission.OWN)
@require_POST
def remove_calendar(request: HttpRequest, calendar_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    absence_boards.check_may_change_feed(viewer, queries.absence_feed(calendar_id))
    actions.remove_calendar(calendar_id=calendar_id, now=utc_now(), actor=viewer.actor)
    messages.success(request, "The calendar is removed, and the absences it told are over.")
    return redirect("oncall:absences")


@requires(Permission.RESPOND)
@require_POST
def take_pager(request: HttpRequest, rota_id: int) -> HttpResponse:
    """Take the running duty over until its end, or for some hours; unanswered pages follow."""
    viewer, shown = viewer_of(request), queries.rota(rota_id)
    viewer.check(Permission.RESPOND, team_id=shown.team_id)
    form = forms.TakePagerForm(request.POST)
    hours = form.cleaned_data["hours"] if form.is_valid() else None
    actions.take_duty(
        rota_id=rota_id, user_id=viewer.user_id, hours=hours, now=utc_now(), actor=viewer.actor
    )
    messages.success(request, f"You are on call for {shown.name} now.")
    return redirect("oncall:rota", rota_id)


def _midnight(days: int) -> datetime:
    today = timezone.localtime(utc_now()).replace(hour=0, minute=0, second=0, microsecond=0)
    return today + timedelta(days=days)


def _add(viewer: Viewer, form: forms.AbsenceForm) -> int:
    user_id = form.cleaned_data["person"]
    absence_boards.check_may_change(viewer, user_id)
    return actions.add_absence(
        user_id=user_id, **form.fields_of(), now=utc_now(), actor=viewer.actor
    )


def _change(viewer: Viewer, absence_id: int, form: forms.AbsenceForm) -> bool:
    actions.change_absence(
        absence_id=absence_id, **form.fields_of(), now=utc_now(), actor=viewer.actor
    )
    return True


def _add_calendar(viewer: Viewer, form: forms.AbsenceCalendarForm) -> int:
    team_id = form.team_id
    if team_id is not None:
        viewer.check(Permission.MANAGE, team_id=team_id)
    return actions.add_calendar(
        user_id=viewer.user_id if team_id is None else None,
        team_id=team_id,
        **form.fields_of(),
        now=utc_now(),
        actor=viewer.actor,
    )


def _form(request: HttpRequest, form: forms.AbsenceForm, *, title: str) -> HttpResponse:
    status = 422 if form.errors else 200
    context = {"form": form, "form_title": title}
    return render(request, "oncall/absence_form.html", context, status=status)
