"""Exceptions: asked for on the page of a release, signed or refused, looked back at."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from evenfall.identity.access import requires
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt
from evenfall.releases import actions, queries
from evenfall.releases.contexts import keeper_of_passage, keeper_of_service
from evenfall.releases.forms import ExceptionForm
from evenfall.releases.views.one import address, back, page


@requires(Permission.RESPOND)
@require_http_methods(["GET", "POST"])
def ask_exception(request: HttpRequest, passage_id: int) -> HttpResponse:
    """GET /passages/9/exceptions/ is the form, which the page fetches when somebody opens it.

    POST asks; what was refused is said beside the field it is about.
    """
    viewer = keeper_of_passage(request, passage_id)
    if request.method == "GET":
        return _exception_form(request, passage_id)
    form = ExceptionForm(request.POST)
    asked = attempt(
        form,
        lambda: actions.ask_exception(
            passage_id=passage_id,
            wish=form.wish(),
            user_id=viewer.user_id,
            now=utc_now(),
            actor=viewer.actor,
        ),
    )
    if asked is None:
        release_id = queries.passage(passage_id).release_id
        return page(request, release_id, str(passage_id), refused=form)
    return redirect(address(passage_id))


def _exception_form(request: HttpRequest, passage_id: int) -> HttpResponse:
    """For a day and all gates that are closed, with a look back in a week."""
    now = utc_now()
    initial = {
        "gates": list(queries.answer(passage_id, now=now).closed),
        "expires_at": now + timedelta(hours=24),
        "review_on": (now + timedelta(days=7)).date(),
    }
    form = ExceptionForm(initial=initial)
    context = {"passage_id": passage_id, "exception_form": form}
    return render(request, "releases/parts/exception_form.html", context)


@requires(Permission.MANAGE)
@require_POST
def decide(request: HttpRequest, release_exception_id: int) -> HttpResponse:
    """POST /releases/exceptions/4/ with `word`: sign, refuse or review; and `reason`."""
    view, word = queries.exception(release_exception_id), request.POST.get("word", "")
    viewer = keeper_of_service(request, view.service_id, Permission.MANAGE)
    reason = request.POST.get("reason", "")
    by: dict[str, Any] = {
        "exception_id": release_exception_id,
        "user_id": viewer.user_id,
        "now": utc_now(),
        "actor": viewer.actor,
    }
    if word == "review":
        return back(request, view.passage_id, lambda: actions.review_exception(review=reason, **by))
    if word not in {"sign", "refuse"}:
        raise Http404
    return back(
        request,
        view.passage_id,
        lambda: actions.decide_exception(is_signed=word == "sign", reason=reason, **by),
    )
