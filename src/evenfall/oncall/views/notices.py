"""How I want to be told of my shifts and teams, and what I was told."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.oncall import actions, forms, queries
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt


@requires(Permission.OWN)
@require_http_methods(["GET", "POST"])
def my_notices(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    wish = queries.notice_wishes([viewer.user_id])[viewer.user_id]
    form = forms.NoticeWishForm(
        request.POST or None,
        initial={"look_ahead": wish.look_ahead.value, "summary": wish.summary or ""},
    )
    if request.method == "POST" and attempt(form, lambda: _save(viewer, form)):
        messages.success(request, "Saved.")
        return redirect("oncall:notices")
    context = {"form": form, "lines": queries.notices_of(viewer.user_id, now=utc_now())}
    return render(request, "oncall/notices.html", context, status=422 if form.errors else 200)


def _save(viewer: Viewer, form: forms.NoticeWishForm) -> bool:
    look_ahead, summary = form.wish()
    actions.save_notice_wish(
        user_id=viewer.user_id,
        look_ahead=look_ahead,
        summary=summary,
        now=utc_now(),
        actor=viewer.actor,
    )
    return True
