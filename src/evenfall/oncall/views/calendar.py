"""The calendar: a month or a week of duties, and one duty with its reason."""

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.oncall import errors, forms, queries
from evenfall.oncall.forms import Asked
from evenfall.oncall.logic import calendar
from evenfall.oncall.logic.calendar import View
from evenfall.oncall.logic.spec import Role
from evenfall.oncall.queries import RotaView
from evenfall.platform.clock import utc_now

UTC_ZONE = ZoneInfo("UTC")
MOST_ROTAS = 24
"""More lanes than these nobody can read; the page says how to see the others."""


@requires(Permission.VIEW)
@require_GET
def calendar_page(request: HttpRequest) -> HttpResponse:
    """The whole page, or for htmx only the calendar itself."""
    viewer, now = viewer_of(request), utc_now()
    asked = forms.asked(request.GET, today=now.astimezone(ZoneInfo(viewer.time_zone)).date())
    everything = queries.rotas()
    wanted = _shown(asked, everything, viewer)
    shown = wanted if asked.person_id else wanted[:MOST_ROTAS]
    rota_zone = queries.common_zone(shown)
    frame = calendar.frame_of(asked.view, asked.on, _zone(asked, viewer, rota_zone))
    context = {
        "asked": asked,
        "calendar": queries.calendar_view(shown, frame, person_id=asked.person_id, now=now),
        "links": _links(asked, frame, viewer, rota_zone),
        "choices": _choices(everything),
        "may_respond": viewer.can_somewhere(Permission.RESPOND),
        "may_create": viewer.can_somewhere(Permission.MANAGE),
        "own_team_id": next(iter(viewer.team_roles), None),
        "has_rotas": bool(everything),
        "is_narrowed": len(wanted) < len(everything),
        "shown_rotas": len(shown),
        "hidden_rotas": len(wanted) - len(shown),
        "troubles": [] if asked.person_id else queries.troubles_ahead(shown, now=now),
        "viewer_id": viewer.user_id,
    }
    is_part = request.headers.get("HX-Target") == "calendar"
    template = "oncall/parts/calendar.html" if is_part else "oncall/calendar.html"
    answer = render(request, template, context)
    answer["Vary"] = "HX-Target"
    return answer


@requires(Permission.VIEW)
@require_GET
def duty(request: HttpRequest, rota_id: int) -> HttpResponse:
    """Who has a role at a time, why, and what can be done about it."""
    viewer, shown = viewer_of(request), queries.rota(rota_id)
    at = forms.instant_in(request.GET, "at")
    role = request.GET.get("role", Role.PRIMARY.value)
    if at is None or role not in set(Role):
        raise errors.NoDuty
    found = queries.duty_detail(rota_id, Role(role), at=at)
    may_respond = viewer.can(Permission.RESPOND, team_id=shown.team_id)
    context = {
        "rota": shown,
        "duty": found,
        "contact": _contact(found.user_id) if found.user_id else None,
        "there": _there(shown, found),
        "starts": calendar.key_of(max(found.starts_at, utc_now())),
        "ends": calendar.key_of(found.ends_at),
        "is_over": found.ends_at <= utc_now(),
        "may_see_contacts": may_respond and found.user_id is not None,
        "may_respond": may_respond,
        "is_mine": found.user_id == viewer.user_id,
    }
    is_part = request.headers.get("HX-Target") == "duty"
    template = "oncall/parts/duty.html" if is_part else "oncall/duty.html"
    answer = render(request, template, context)
    answer["Vary"] = "HX-Target"
    return answer


def _shown(asked: Asked, everything: list[RotaView], viewer: Viewer) -> list[RotaView]:
    """The rotas asked for; without a wish those of the viewer's own teams, if they have any."""
    if asked.rota_id is not None:
        return [rota for rota in everything if rota.id == asked.rota_id]
    if asked.team_id is not None:
        return [rota for rota in everything if rota.team_id == asked.team_id]
    own = [rota for rota in everything if rota.team_id in viewer.team_roles]
    is_narrow = asked.person_id is None and not asked.everything
    return own if own and is_narrow else everything


def _contact(user_id: int) -> dict[str, Any]:
    """Address and contacts of one person, as the list of who is on call now has them."""
    email = identity_queries.person(user_id).email
    return {"email": email, "contacts": queries.contacts_of([user_id])[user_id]}


def _there(rota: RotaView, found: queries.DutyDetail) -> str:
    """The times on the wall of the rota."""
    zone = ZoneInfo(rota.time_zone)
    low, high = (calendar.spoken_time(at, zone) for at in (found.starts_at, found.ends_at))
    return f"{low} to {high} in {rota.time_zone}"


def _zone(asked: Asked, viewer: Viewer, rota_zone: ZoneInfo | None) -> ZoneInfo:
    if asked.zone == "utc":
        return UTC_ZONE
    if asked.zone == "rota" and rota_zone is not None:
        return rota_zone
    return ZoneInfo(viewer.time_zone)


def _links(
    asked: Asked, frame: calendar.Frame, viewer: Viewer, rota_zone: ZoneInfo | None
) -> dict[str, Any]:
    zones = [("mine", f"Mine: {viewer.time_zone}")]
    if rota_zone is not None and rota_zone.key != viewer.time_zone:
        zones.append(("rota", f"The rota's: {rota_zone.key}"))
    if viewer.time_zone != UTC_ZONE.key:
        zones.append(("utc", "UTC"))
    current = asked.zone if asked.zone in dict(zones) else "mine"
    return {
        "previous": asked.query(on=frame.previous),
        "following": asked.query(on=frame.following),
        "today": asked.query(on=utc_now().astimezone(frame.zone).date()),
        "views": [(view, asked.query(view=view), view is asked.view) for view in View],
        "zones": [(name, label, name == current) for name, label in zones],
        "everything": asked.query(everything=True, person_id=None, rota_id=None, team_id=None),
    }


def _choices(everything: list[RotaView]) -> dict[str, Any]:
    return {
        "rotas": everything,
        "teams": identity_queries.teams({rota.team_id for rota in everything}),
        "people": identity_queries.active_people(),
    }
