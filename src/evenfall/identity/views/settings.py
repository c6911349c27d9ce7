"""The settings of the site."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods
from msgspec.structs import asdict

from evenfall.identity import actions, forms, queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt


@requires(Permission.ADMINISTER)
@require_http_methods(["GET", "POST"])
def site_settings(request: HttpRequest) -> HttpResponse:
    form = forms.SettingsForm(request.POST or None, initial=asdict(queries.site()))

    def save() -> HttpResponse:
        actions.change_settings(**form.cleaned_data, now=utc_now(), actor=viewer_of(request).actor)
        messages.success(request, "Saved.")
        return redirect("identity:settings")

    if request.method == "POST" and (answer := attempt(form, save)):
        return answer
    context = {"form": form}
    return render(request, "identity/settings.html", context, status=422 if form.errors else 200)
