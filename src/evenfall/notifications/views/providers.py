"""Accounts at providers, for administrators."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.notifications import actions, forms, ports, queries
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt


@requires(Permission.ADMINISTER)
@require_GET
def providers(request: HttpRequest) -> HttpResponse:
    """All accounts in the order in which they are asked, and what can be added."""
    found = queries.providers()
    records = _records(found)
    context = {
        "providers": [(one, records[one.name]) for one in found],
        "types": ports.provider_types(),
    }
    return render(request, "notifications/providers.html", context)


@requires(Permission.ADMINISTER)
@never_cache
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, type_name: str) -> HttpResponse:
    viewer, fields = viewer_of(request), queries.fields_of(type_name)
    kind = ports.provider_type(type_name)
    name = "" if kind is None else kind.label
    form = forms.ProviderForm(fields, request.POST or None, initial={"name": name})
    if request.method == "POST":
        provider_id = attempt(
            form,
            lambda: actions.add_provider(
                type_name=type_name,
                name=form.cleaned_data["name"],
                values=form.values(),
                now=utc_now(),
                actor=viewer.actor,
            ),
        )
        if provider_id is not None:
            messages.success(request, "Added. It is in use from the next message on.")
            return redirect("notifications:provider", provider_id)
    return _form(request, form, kind=kind)


@requires(Permission.ADMINISTER)
@never_cache
@require_http_methods(["GET", "POST"])
def provider(request: HttpRequest, provider_id: int) -> HttpResponse:
    viewer, now = viewer_of(request), utc_now()
    found = queries.provider(provider_id)
    form = forms.ProviderForm(
        queries.fields_of(found.type),
        request.POST or None,
        initial={"name": found.name, **found.settings},
        knows_secrets=True,
    )

    def save() -> HttpResponse:
        actions.change_provider(
            provider_id=provider_id,
            name=form.cleaned_data["name"],
            values=form.values(),
            now=now,
            actor=viewer.actor,
        )
        messages.success(request, "Saved.")
        return redirect("notifications:provider", provider_id)

    if request.method == "POST" and (answer := attempt(form, save)):
        return answer
    kind, record = ports.provider_type(found.type), _records([found])[found.name]
    callbacks = queries.callbacks_of(found)
    return _form(request, form, provider=found, kind=kind, record=record, callbacks=callbacks)


@requires(Permission.ADMINISTER)
@require_POST
def switch(request: HttpRequest, provider_id: int) -> HttpResponse:
    is_on = request.POST.get("on") == "yes"
    actions.switch_provider(
        provider_id=provider_id, is_on=is_on, now=utc_now(), actor=viewer_of(request).actor
    )
    messages.success(request, "It is used again." if is_on else "It is not used any more.")
    return redirect("notifications:providers")


@requires(Permission.ADMINISTER)
@require_POST
def ask_first(request: HttpRequest, provider_id: int) -> HttpResponse:
    actions.ask_provider_first(
        provider_id=provider_id, now=utc_now(), actor=viewer_of(request).actor
    )
    return redirect("notifications:providers")


@requires(Permission.ADMINISTER)
@require_POST
def remove(request: HttpRequest, provider_id: int) -> HttpResponse:
    actions.remove_provider(provider_id=provider_id, now=utc_now(), actor=viewer_of(request).actor)
    messages.success(request, "Removed, with its secrets.")
    return redirect("notifications:providers")


def _records(found: Sequence[queries.ProviderView]) -> dict[str, queries.Record]:
    limits = {one.name: queries.limit_of(one.settings) for one in found}
    return queries.records(limits, now=utc_now())


def _form(request: HttpRequest, form: forms.ProviderForm, **context: object) -> HttpResponse:
    status = 422 if form.errors else 200
    template = "notifications/provider.html"
    return render(request, template, {"form": form, **context}, status=status)
