"""Who of a team carried how much: the team, one person, what counts, and the table as CSV."""

import csv
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.oncall import actions, errors, forms, queries
from evenfall.oncall.logic import fairness as fairness_logic
from evenfall.oncall.logic import load_chart, load_table
from evenfall.oncall.logic.loads import LEAST_SHARE
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt


@requires(Permission.RESPOND)
@require_GET
def fairness(request: HttpRequest, team_id: int) -> HttpResponse:
    viewer, team = _member(request, team_id)
    found = queries.team_fairness(team_id, weeks=_weeks(request), now=utc_now())
    counted = [one for one in found.people if one.share >= LEAST_SHARE]
    context = {
        "team": team,
        "found": found,
        "windows": queries.WINDOWS,
        "chart": load_chart.chart([(one.name, one.parts, one.share) for one in counted]),
        "least_people": fairness_logic.LEAST_PEOPLE,
        "target_standby": fairness_logic.TARGET_STANDBY,
        "target_pages": fairness_logic.TARGET_PAGES,
        "rotas": queries.rotas_of_team(team_id),
        "may_manage": viewer.can(Permission.MANAGE, team_id=team_id),
    }
    return render(request, "oncall/fairness.html", context)


@requires(Permission.RESPOND)
@require_GET
def fairness_csv(request: HttpRequest, team_id: int) -> HttpResponse:
    """The table of the page, one line for each person."""
    _, team = _member(request, team_id)
    found = queries.team_fairness(team_id, weeks=_weeks(request), now=utc_now())
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="loads-{team.slug}.csv"'
    lines = [
        load_table.line(one.user_id, one.name, one.share, one.tally, one.load)
        for one in found.people
    ]
    csv.writer(answer).writerows([load_table.HEAD, *lines])
    return answer


@requires(Permission.RESPOND)
@require_GET
def fairness_person(request: HttpRequest, team_id: int, user_id: int) -> HttpResponse:
    viewer, team = _member(request, team_id)
    weeks, now = _weeks(request), utc_now()
    found = queries.team_fairness(team_id, weeks=weeks, now=now)
    one = next((one for one in found.people if one.user_id == user_id), None)
    if one is None:
        raise errors.PersonNotInTeam
    told = queries.person_weeks(user_id, weeks=weeks, now=now, weights=found.weights.weights)
    lines = [(f"{week.starts_at:%d %b}", week.parts, 1.0) for week in told]
    context = {
        "team": team,
        "one": one,
        "found": found,
        "windows": queries.WINDOWS,
        "chart": load_chart.chart(lines, mean=found.load.mean / weeks),
        "form": _profile_form(one.profile) if _may_change(viewer, team_id, user_id) else None,
    }
    return render(request, "oncall/fairness_person.html", context)


@requires(Permission.RESPOND)
@require_POST
def work_profile(request: HttpRequest, team_id: int, user_id: int) -> HttpResponse:
    """Where somebody has holidays and how much they work: their own affair, or of a manager."""
    viewer, _ = _member(request, team_id)
    if not _may_change(viewer, team_id, user_id):
        viewer.check(Permission.MANAGE, team_id=team_id)
        raise errors.PersonNotInTeam
    form = forms.WorkProfileForm(request.POST)

    def save() -> bool:
        actions.change_work_profile(
            user_id=user_id, **form.fields_of(), now=utc_now(), actor=viewer.actor
        )
        return True

    if attempt(form, save):
        messages.success(request, "Saved.")
    else:
        messages.error(request, " ".join(str(one) for some in form.errors.values() for one in some))
    return redirect("oncall:fairness_person", team_id, user_id)


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def load_weights(request: HttpRequest, team_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE, team_id=team_id)
    shown = queries.load_weights(team_id)
    form = forms.WeightsForm(shown.weights, request.POST or None)

    def save() -> HttpResponse:
        actions.change_load_weights(
            team_id=team_id, weights=form.weights(), now=utc_now(), actor=viewer.actor
        )
        return redirect("oncall:fairness", team_id)

    if request.method == "POST" and (answer := attempt(form, save)):
        return answer
    context = {"team": identity_queries.team(team_id), "form": form}
    return render(request, "oncall/load_weights.html", context, status=422 if form.errors else 200)


def _member(request: HttpRequest, team_id: int) -> tuple[Viewer, identity_queries.TeamView]:
    """Whoever asks, who may respond in the team: loads are not for everybody to see."""
    viewer = viewer_of(request)
    viewer.check(Permission.RESPOND, team_id=team_id)
    return viewer, identity_queries.team(team_id)


def _may_change(viewer: Viewer, team_id: int, user_id: int) -> bool:
    """One's own profile, or, for a manager, that of somebody in the team."""
    if viewer.user_id == user_id:
        return True
    is_manager = viewer.can(Permission.MANAGE, team_id=team_id)
    return is_manager and team_id in identity_queries.team_ids_of(user_id)


def _weeks(request: HttpRequest) -> int:
    asked = request.GET.get("weeks", "")
    return int(asked) if asked.isdecimal() and len(asked) < 4 else queries.WINDOWS[1]  # noqa: PLR2004 - digits


def _profile_form(profile: queries.WorkProfileView) -> forms.WorkProfileForm:
    initial: dict[str, Any] = {
        "place": forms.place_of(profile.country, profile.region),
        "percent": profile.percent,
    }
    return forms.WorkProfileForm(initial=initial)
