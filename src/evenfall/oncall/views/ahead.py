"""What is wrong with the weeks to come, and filling the gaps of a rota."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.identity.queries import Person
from evenfall.oncall import actions, forms, queries
from evenfall.oncall.logic import permits
from evenfall.oncall.logic.checks_ahead import Weight
from evenfall.oncall.ports import OverrideKind
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt


@requires(Permission.VIEW)
@require_GET
def ahead(request: HttpRequest) -> HttpResponse:
    """The report: every trouble of six weeks, and the services nobody covers."""
    viewer, now = viewer_of(request), utc_now()
    found = queries.weeks_ahead(now=now)
    context = {
        "critical": [one for one in found.troubles if one.weight is Weight.CRITICAL],
        "warnings": [one for one in found.troubles if one.weight is Weight.WARNING],
        "services": found.services,
        "rota_count": len(found.rotas),
        "weeks": queries.WEEKS_AHEAD,
        "may_respond": viewer.can_somewhere(Permission.RESPOND),
        "may_create": viewer.can_somewhere(Permission.MANAGE),
        "own_team_id": next(iter(viewer.team_roles), None),
        "viewer_id": viewer.user_id,
    }
    return render(request, "oncall/ahead.html", context)


@requires(Permission.RESPOND)
@require_http_methods(["GET", "POST"])
def fill(request: HttpRequest, rota_id: int) -> HttpResponse:
    """Show what would change, then put one person into every gap."""
    viewer, shown = viewer_of(request), queries.rota(rota_id)
    viewer.check(Permission.RESPOND, team_id=shown.team_id)
    form = forms.FillForm(_people(viewer, shown), request.POST or None)
    if request.method == "POST":
        filled = attempt(form, lambda: _fill(viewer, shown, form))
        if filled is not None:
            name = dict(form.fields["person"].choices)[form.cleaned_data["person"]]  # type: ignore[attr-defined] # a choice field
            messages.success(request, f"{name} is on call in {len(filled)} former gaps.")
            return redirect("oncall:rota", rota_id)
    gaps = queries.gaps_ahead(rota_id, now=utc_now())
    context = {"rota": shown, "form": form, "gaps": gaps, "weeks": queries.WEEKS_AHEAD}
    return render(request, "oncall/fill.html", context, status=422 if form.errors else 200)


def _fill(viewer: Viewer, shown: queries.RotaDetail, form: forms.FillForm) -> list[int]:
    user_id = form.cleaned_data["person"]
    own = permits.may_add_alone(OverrideKind.ADD, user_id=user_id, asker_id=viewer.user_id)
    viewer.check(Permission.RESPOND if own else Permission.MANAGE, team_id=shown.team_id)
    return actions.fill_gaps(rota_id=shown.id, user_id=user_id, now=utc_now(), actor=viewer.actor)


def _people(viewer: Viewer, shown: queries.RotaDetail) -> list[Person]:
    """Whom the viewer may put on: of the team, who carried least first, then everybody else."""
    people = {person.id: person for person in identity_queries.active_people()}
    if not viewer.can(Permission.MANAGE, team_id=shown.team_id):
        return [people[viewer.user_id]]
    team = identity_queries.team_people([shown.team_id]).get(shown.team_id)
    members = [i for i in team.member_ids if i in people] if team else []
    ranked = queries.lowest_load_first(members, at=utc_now())
    return [people[i] for i in dict.fromkeys([*ranked, *people])]
