"""The settings of the site."""

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from evenfall.identity import actions, forms, queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now


@requires(Permission.ADMINISTER)
@require_http_methods(["GET", "POST"])
def site_settings(request: HttpRequest) -> HttpResponse:
    form = forms.SettingsForm(request.POST or None, initial=asdict(queries.site()))
    if request.method == "POST":
        actor = viewer_of(request).actor
        is_done = forms.attempt(
            form,
            lambda data: actions.change_settings(**data, now=utc_now(), actor=actor) is None,
        )
        if is_done:
            messages.success(request, "Saved.")
            return redirect("identity:settings")
    context = {"form": form}
    return render(request, "identity/settings.html", context, status=422 if form.errors else 200)
