"""Findings: the list, a look at once, dismissing one and letting it count again."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from evenfall.foresight import actions, queries
from evenfall.foresight.contexts import mender_of, owner_of
from evenfall.foresight.logic.kinds import CHECK_WORDS, Check
from evenfall.foresight.logic.mends import Offer
from evenfall.foresight.queries import FindingFilter
from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.platform.clock import utc_now
from evenfall.platform.errors import DomainError, Invalid

_TAKEN_BACK = "All is as it was before."
_STAYS = "Somebody changed it since, so it stays as it is now."


@requires(Permission.VIEW)
@require_safe
def finding_list(request: HttpRequest) -> HttpResponse:
    """GET /findings/?team=3&check=rota&mine=1&dismissed=1"""
    viewer, now = viewer_of(request), utc_now()
    given = request.GET
    check = given.get("check", "")
    asked = FindingFilter(
        team_id=int(given["team"]) if given.get("team", "").isdecimal() else None,
        check=Check(check) if check in set(Check) else None,
        is_dismissed=given.get("dismissed") == "1",
        viewer=viewer if given.get("mine") == "1" else None,
    )
    page = queries.findings_page(asked, today=now.date(), cursor=given.get("cursor"))
    context = {
        "page": page,
        "lines": [(one, _may(viewer, one), _may_mend(viewer, one.offer)) for one in page.items],
        "mended": [(one, _may_mend(viewer, one.offer)) for one in queries.mended_lately(now=now)],
        "is_looking": queries.is_looking(),
        "weights": queries.weights(asked, today=now.date()),
        "asked": asked,
        "is_mine": asked.viewer is not None,
        "teams": identity_queries.teams(),
        "checks": CHECK_WORDS.items(),
        "looked_at": queries.last_look(),
        "may_look": viewer.can_somewhere(Permission.MANAGE),
        "today": now.date(),
    }
    return render(request, "foresight/findings.html", context)


@requires(Permission.MANAGE)
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """POST /findings/look/"""
    count = actions.lint(now=utc_now(), tells=False)
    words = "Nothing was found." if not count else f"There are {count} findings."
    messages.success(request, f"Everything was looked at. {words}")
    return redirect("foresight:findings")


@requires(Permission.OWN)
@require_POST
def mend(request: HttpRequest, finding_id: int) -> HttpResponse:
    """POST /findings/3/mend/: do what its button says."""
    viewer = mender_of(request, finding_id)
    try:
        done = actions.mend(finding_id=finding_id, now=utc_now(), actor=viewer.actor)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"Done: {done}. It can be taken back below.")
    return redirect("foresight:findings")


@requires(Permission.OWN)
@require_POST
def take_back(request: HttpRequest, finding_id: int) -> HttpResponse:
    """POST /findings/3/take-back/"""
    viewer = mender_of(request, finding_id)
    try:
        was_there = actions.take_back(finding_id=finding_id, now=utc_now(), actor=viewer.actor)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _TAKEN_BACK if was_there else _STAYS)
    return redirect("foresight:findings")


@requires(Permission.RESPOND)
@require_POST
def dismiss(request: HttpRequest, finding_id: int) -> HttpResponse:
    """POST /findings/3/dismiss/ with `until` and `reason`."""
    viewer = owner_of(request, finding_id)
    try:
        until = date.fromisoformat(request.POST.get("until", ""))
    except ValueError:
        until = date.min
    reason = request.POST.get("reason", "").replace("\0", "")
    try:
        actions.dismiss(
            finding_id=finding_id, until=until, reason=reason, now=utc_now(), actor=viewer.actor
        )
    except Invalid as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "It rests until then.")
    return redirect("foresight:findings")


@requires(Permission.RESPOND)
@require_POST
def restore(request: HttpRequest, finding_id: int) -> HttpResponse:
    """POST /findings/3/restore/"""
    viewer = owner_of(request, finding_id)
    actions.restore(finding_id=finding_id, now=utc_now(), actor=viewer.actor)
    messages.success(request, "It counts again.")
    return redirect("foresight:findings")


def _may_mend(viewer: Viewer, offer: Offer | None) -> bool:
    return offer is not None and queries.may_mend(viewer, offer)


def _may(viewer: Viewer, one: queries.FindingView) -> bool:
    own = viewer.user_id == one.person_id
    return own or viewer.can(Permission.MANAGE, team_id=one.team_id)
