"""The picture of a budget for whoever holds its link: an alert carries one, for a month."""

from django.http import HttpRequest, HttpResponse

from evenfall.identity.access import public
from evenfall.platform.clock import utc_now
from evenfall.platform.crypto import unsign
from evenfall.slo import queries
from evenfall.slo.actions import PICTURE
from evenfall.slo.logic.svg import budget_svg


@public("chat rooms and phones show it; the link is signed and expires")
def budget_picture(request: HttpRequest, token: str) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """What was left of the budget, as it is now. Raises BadSignature, ObjectiveNotFound."""
    now = utc_now()
    view = queries.objective(unsign(token, purpose=PICTURE, now=now))
    rest = view.standing.rest if view.standing else None
    left = "unknown" if rest is None else f"{rest:.1%} left"
    title = f"{view.service.name}, {view.name}: error budget {left}"
    drawn = budget_svg(title, queries.history(view.id, now=now), said=title)
    answer = HttpResponse(drawn, content_type="image/svg+xml")
    answer["Cache-Control"] = "private, max-age=60"
    return answer
