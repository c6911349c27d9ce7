"""Calendar feeds: the page that lists and makes them, and the address that programs read."""

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import parse_etags
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evenfall.identity import queries as identity_queries
from evenfall.identity.access import public, requires, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.notifications import queries as notifications_queries
from evenfall.oncall import actions, forms, queries
from evenfall.platform.clock import utc_now
from evenfall.platform.crypto import token_hash
from evenfall.platform.forms import attempt
from evenfall.platform.pacing import Pace

PACE = Pace(most=60, per=timedelta(minutes=1))
"""For each secret: calendar programs ask every few minutes, however many people share a feed."""


@requires(Permission.OWN)
@require_http_methods(["GET", "POST"])
def feeds(request: HttpRequest) -> HttpResponse:
    """List one's own feeds and make new ones; the address is shown in this answer only."""
    viewer = viewer_of(request)
    form = forms.FeedForm(
        identity_queries.active_people(),
        queries.rotas(),
        identity_queries.teams(),
        request.POST or None,
        own_id=viewer.user_id,
        initial=request.GET.get("of", ""),
    )
    secret = attempt(form, lambda: _create(viewer, form)) if request.method == "POST" else None
    is_admin = viewer.can(Permission.ADMINISTER)
    everybodys = queries.feeds_of() if is_admin else []
    context = {
        "form": form,
        "address": feed_address(secret) if secret else "",
        "feeds": queries.feeds_of(viewer.user_id),
        "may_create": viewer.can_somewhere(Permission.MANAGE),
        "own_team_id": next(iter(viewer.team_roles), None),
        "others": [one for one in everybodys if one.owner_id != viewer.user_id],
    }
    answer = render(request, "oncall/feeds.html", context, status=422 if form.errors else 200)
    answer["Cache-Control"] = "no-store"
    return answer


@requires(Permission.OWN)
@require_POST
def revoke_feed(request: HttpRequest, feed_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    owner_id = None if viewer.can(Permission.ADMINISTER) else viewer.user_id
    actions.revoke_feed(feed_id=feed_id, owner_id=owner_id, now=utc_now(), actor=viewer.actor)
    messages.success(request, "The feed is revoked. Its address answers nobody any more.")
    return redirect("oncall:feeds")


@public("the secret in the address is the permission; calendar programs cannot sign in")
@require_safe
def ical(request: HttpRequest, token: str) -> HttpResponse:
    """The feed as a file, or 304 when the program has it already."""
    now = utc_now()
    PACE.spend(token_hash(token), now=now)
    content = queries.feed_content(token, now=now)
    actions.note_feed_read(feed_id=content.feed_id, now=now)
    if content.tag in parse_etags(request.headers.get("If-None-Match", "")):
        answer = HttpResponse(status=304)
    else:
        from evenfall.oncall.logic.feed_files import calendar_file  # noqa: PLC0415 - see there

        host = urlsplit(settings.EVENFALL.public_url).hostname or "localhost"
        body = calendar_file(content.title, content.duties, host=host, now=now)
        answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
        answer["Content-Disposition"] = 'inline; filename="on-call.ics"'
    answer["ETag"] = content.tag
    answer["Cache-Control"] = "private, max-age=300"
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def feed_address(secret: str) -> str:
    """Where the feed of this secret is read."""
    return notifications_queries.absolute(reverse("oncall:ical", args=[secret]))


def _create(viewer: Viewer, form: forms.FeedForm) -> str:
    kind, subject_id = form.chosen()
    _, secret = actions.create_feed(
        owner_id=viewer.user_id,
        kind=kind,
        subject_id=subject_id,
        now=utc_now(),
        actor=viewer.actor,
    )
    return secret
