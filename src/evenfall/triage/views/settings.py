"""Calendars, what is promised, and how a team reviews."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.notifications import queries as notifications_queries
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt
from evenfall.triage import actions, contexts, queries
from evenfall.triage.forms import (
    USUAL_HOURS,
    CalendarForm,
    ReviewForm,
    SkillsForm,
    hours_text,
    initial_of,
)


@requires(Permission.VIEW)
@require_safe
def calendars(request: HttpRequest) -> HttpResponse:
    """GET /triage/calendars/: the business hours and what is promised."""
    viewer = viewer_of(request)
    context = {
        "calendars": [(one, hours_text(one.hours)) for one in queries.calendars()],
        "targets": queries.targets(now=utc_now()),
        "teams": [
            team
            for team in identity_queries.teams()
            if viewer.can(Permission.MANAGE, team_id=team.id)
        ],
        "may_manage": viewer.can(Permission.MANAGE),
    }
    return render(request, "triage/calendars.html", context)


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def calendar(request: HttpRequest, business_calendar_id: int | None = None) -> HttpResponse:
    """GET, POST /triage/calendars/3/ or /triage/calendars/new/"""
    viewer = contexts.manager_of(request, None)
    known = _known(business_calendar_id)
    initial = {"hours": USUAL_HOURS} if known is None else initial_of(known)
    form = CalendarForm(request.POST or None, initial=initial)

    def save() -> int:
        return actions.set_calendar(
            calendar_id=business_calendar_id, wish=form.wish(), now=utc_now(), actor=viewer.actor
        )

    if request.method == "POST" and attempt(form, save) is not None:
        messages.success(request, "Saved. It counts from now on.")
        return redirect("triage:calendars")
    context = {"form": form, "known": known}
    return render(request, "triage/calendar.html", context, status=422 if form.errors else 200)


def _known(calendar_id: int | None) -> queries.CalendarView | None:
    return None if calendar_id is None else queries.calendar(calendar_id)


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def team(request: HttpRequest, team_id: int) -> HttpResponse:
    """GET, POST /triage/teams/3/: its hours and limits."""
    shown = identity_queries.team(team_id)
    viewer, known = contexts.manager_of(request, team_id), queries.team_review(team_id)
    names = ("calendar_id", "wip_limit", "weekly_hours", "takes_strays")
    form = ReviewForm(
        request.POST or None,
        calendars=queries.calendars(),
        initial={name: getattr(known, name) for name in names},
    )

    def save() -> bool:
        actions.set_team_review(
            team_id=team_id, wish=form.wish(), now=utc_now(), actor=viewer.actor
        )
        return True

    if request.method == "POST" and attempt(form, save) is not None:
        messages.success(request, "Saved.")
        return redirect("triage:team", team_id)
    context = {"team": shown, "known": known, "form": form}
    return render(request, "triage/team.html", context, status=422 if form.errors else 200)


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def skills(request: HttpRequest, team_id: int) -> HttpResponse:
    """GET, POST /triage/teams/3/skills/: what its members can."""
    shown, viewer = identity_queries.team(team_id), contexts.manager_of(request, team_id)
    members = queries.skills_of_team(team_id)
    form = SkillsForm(request.POST or None, members=members)

    def save() -> bool:
        actions.set_skills(team_id=team_id, skills=form.skills(), now=utc_now(), actor=viewer.actor)
        return True

    if request.method == "POST" and attempt(form, save) is not None:
        messages.success(request, "Saved.")
        return redirect("triage:skills", team_id)
    context = {"team": shown, "members": members, "form": form}
    return render(request, "triage/skills.html", context, status=422 if form.errors else 200)


@requires(Permission.MANAGE)
@require_POST
def intake(request: HttpRequest, team_id: int) -> HttpResponse:
    """POST /triage/teams/3/intake/: open the form, or close it; the address is shown only here."""
    shown = identity_queries.team(team_id)
    viewer = contexts.manager_of(request, team_id)
    if "close" in request.POST:
        actions.close_intake(team_id=team_id, now=utc_now(), actor=viewer.actor)
        messages.success(request, "The form is closed. Its address answers nobody any more.")
        return redirect("triage:team", team_id)
    secret = actions.open_intake(team_id=team_id, now=utc_now(), actor=viewer.actor)
    address = notifications_queries.absolute(reverse("triage:public", args=[secret]))
    answer = render(request, "triage/intake.html", {"team": shown, "address": address})
    answer["Cache-Control"] = "no-store"
    return answer
