"""Who is on call, readable without sign-in where an administrator allows it."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evenfall.identity.access import public, requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.notifications import queries as notifications_queries
from evenfall.oncall import actions, forms, queries
from evenfall.platform.clock import utc_now
from evenfall.platform.crypto import token_hash
from evenfall.platform.forms import attempt
from evenfall.platform.pacing import Pace

PACE = Pace(most=120, per=timedelta(minutes=1))
"""For each secret: a whole team may have the page open, and no more."""


@requires(Permission.ADMINISTER)
@require_http_methods(["GET", "POST"])
def public_page_settings(request: HttpRequest, rota_id: int) -> HttpResponse:
    """Open the page; the address is shown in this answer only."""
    viewer, shown = viewer_of(request), queries.rota(rota_id)
    viewer.check(Permission.ADMINISTER)
    form = forms.PublicPageForm(request.POST or None)
    secret = None
    if request.method == "POST":
        secret = attempt(
            form,
            lambda: actions.open_public_page(
                rota_id=rota_id,
                shows_contact=form.shows_contact,
                now=utc_now(),
                actor=viewer.actor,
            ),
        )
    context = {
        "rota": shown,
        "form": form,
        "open": queries.public_page_of(rota_id),
        "address": public_address(secret) if secret else "",
    }
    status = 422 if form.errors else 200
    answer = render(request, "oncall/public_settings.html", context, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


@requires(Permission.ADMINISTER)
@require_POST
def close_public_page(request: HttpRequest, rota_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    viewer.check(Permission.ADMINISTER)
    actions.close_public_page(rota_id=rota_id, now=utc_now(), actor=viewer.actor)
    messages.success(request, "The page is closed. Its address answers nobody any more.")
    return redirect("oncall:rota", rota_id)


@public("an administrator opened this page; the secret in the address is the permission")
@never_cache
@require_safe
def who_is_on(request: HttpRequest, token: str) -> HttpResponse:
    now = utc_now()
    PACE.spend(token_hash(token), now=now)
    context = {"now": queries.public_now(token, now=now)}
    answer = render(request, "oncall/public.html", context)
    answer["Referrer-Policy"] = "no-referrer"  # the address is the secret
    answer["X-Robots-Tag"] = "noindex"
    return answer


def public_address(secret: str) -> str:
    """Where everybody reads the page of this secret."""
    return notifications_queries.absolute(reverse("oncall:public", args=[secret]))
