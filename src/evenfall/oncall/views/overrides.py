"""Taking a duty over, and other changes of one stretch of time."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.oncall import actions, forms, queries
from evenfall.oncall.logic import permits
from evenfall.platform.clock import utc_now
from evenfall.platform.errors import Invalid
from evenfall.platform.forms import attempt


@requires(Permission.RESPOND)
@require_http_methods(["GET", "POST"])
def new_override(request: HttpRequest, rota_id: int) -> HttpResponse:
    viewer, shown = viewer_of(request), queries.rota(rota_id)
    viewer.check(Permission.RESPOND, team_id=shown.team_id)
    hour = timezone.localtime(utc_now()).replace(minute=0, second=0, microsecond=0)
    everybody = identity_queries.active_people()
    form = forms.OverrideForm(
        _people(viewer, shown.team_id, everybody),
        everybody,
        request.POST or None,
        initial={
            "person": viewer.user_id,
            "starts_at": hour + timedelta(hours=1),
            "ends_at": hour + timedelta(hours=9),
            **forms.prefilled(request.GET),
        },
    )
    if request.headers.get("HX-Target") == "preview" and request.method == "POST":
        return render(request, "oncall/parts/override_preview.html", _preview(form, rota_id))
    if request.method == "POST" and "preview" not in request.POST:
        override_id = attempt(form, lambda: _add(viewer, shown, form))
        if override_id is not None:
            return redirect("oncall:rota", rota_id)
    status = 422 if form.errors else 200
    context = {"form": form, "rota": shown, **_preview(form, rota_id)}
    return render(request, "oncall/override_form.html", context, status=status)


@requires(Permission.RESPOND)
@require_POST
def cancel(request: HttpRequest, rota_id: int, override_id: int) -> HttpResponse:
    viewer, shown = viewer_of(request), queries.rota(rota_id)
    override = queries.override(rota_id, override_id)
    own = permits.may_cancel_alone(
        user_id=override.user_id,
        created_by=override.created_by,
        asker_id=viewer.user_id,
        asker_actor=viewer.actor,
    )
    viewer.check(Permission.RESPOND if own else Permission.MANAGE, team_id=shown.team_id)
    actions.cancel_override(
        rota_id=rota_id, override_id=override_id, now=utc_now(), actor=viewer.actor
    )
    return redirect("oncall:rota", rota_id)


def _people(
    viewer: Viewer, team_id: int, everybody: list[identity_queries.Person]
) -> list[identity_queries.Person]:
    """Whom the viewer may put on or take off."""
    if viewer.can(Permission.MANAGE, team_id=team_id):
        return everybody
    return [person for person in everybody if person.id == viewer.user_id]


def _preview(form: forms.OverrideForm, rota_id: int) -> dict[str, Any]:
    """What the override would change; nothing while the form is not filled in."""
    if not form.is_bound or not form.is_valid():
        return {"diff": None}
    spec = form.spec()
    now = utc_now()
    if spec.ends_at <= max(spec.starts_at, now):
        return {"diff": None}
    starts_at, ends_at = max(spec.starts_at, now), spec.ends_at
    try:
        diff = queries.schedule_diff(
            rota_id, starts_at=starts_at, ends_at=ends_at, overrides=[spec]
        )
    except Invalid:  # a stretch of years: saving says what is wrong
        return {"diff": None}
    return {"diff": diff}


def _add(viewer: Viewer, shown: queries.RotaDetail, form: forms.OverrideForm) -> int:
    fields = form.fields_of()
    own = permits.may_add_alone(fields["kind"], user_id=fields["user_id"], asker_id=viewer.user_id)
    viewer.check(Permission.RESPOND if own else Permission.MANAGE, team_id=shown.team_id)
    return actions.add_override(rota_id=shown.id, **fields, now=utc_now(), actor=viewer.actor)
