"""The offer to take over from somebody who has too much."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.oncall import queries
from evenfall.platform.clock import utc_now


@requires(Permission.RESPOND)
@require_GET
def relief(request: HttpRequest, offer_id: int) -> HttpResponse:
    """Why, and one button: the running shift is taken over at the rota."""
    viewer, offer, now = viewer_of(request), queries.relief(offer_id), utc_now()
    shown = queries.rota(offer.rota_id)
    viewer.check(Permission.RESPOND, team_id=shown.team_id)
    line = queries.rotas_now([shown], at=now)[0]
    still = line.primary is not None and line.primary.user_id == offer.user_id
    context = {
        "offer": offer,
        "rota": shown,
        "person": identity_queries.person(offer.user_id),
        "line": line,
        "is_open": still and now < offer.expires_at,
        "viewer_id": viewer.user_id,
    }
    return render(request, "oncall/relief.html", context)
