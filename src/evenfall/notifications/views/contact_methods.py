"""A person's own contact methods."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.notifications import actions, forms, ports, queries
from evenfall.notifications.queries import rates
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt


@requires(Permission.OWN)
@require_GET
def contact_methods(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    methods, addable = queries.contact_methods(viewer.user_id), queries.addable_now()
    context = {
        "methods": methods,
        "works": any(method.state == "verified" for method in methods),
        "addable": addable,
        "twins": queries.twins_offered(methods, addable),
        "browser_key": ports.browser_key("webpush", now=utc_now()),
        "reached": rates.person_rates([viewer.user_id], now=utc_now(), days=30).get(
            viewer.user_id, ()
        ),
        "sign_in_address": _unused_address(viewer.user_id) if queries.mail_is_on() else "",
    }
    return render(request, "notifications/contact_methods.html", context)


@requires(Permission.OWN)
@never_cache
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, kind: str) -> HttpResponse:
    """Ask for an address of this kind. A secret is in the answer to the POST and nowhere else.

    The sign-in address is offered while it is not in the list yet.
    """
    viewer, channel = viewer_of(request), queries.addable(kind)
    initial = {"address": _unused_address(viewer.user_id)} if kind == "email" else {}
    form = forms.AddressForm(channel.address_field, request.POST or None, initial=initial)
    made = None
    if request.method == "POST":
        made = attempt(
            form,
            lambda: actions.add_contact_method(
                user_id=viewer.user_id,
                kind=kind,
                **form.cleaned_data,
                actor=viewer.actor,
                now=utc_now(),
            ),
        )
    if made is None:
        link = _join_link(channel, viewer.user_id)
        if link:  # the keyboard of a phone would cover it
            form.fields["address"].widget.attrs.pop("autofocus", None)
        context = {"channel": channel, "join_link": link, "twins": _twins(channel, viewer.user_id)}
        return _form(request, "notifications/add_contact_method.html", form, **context)
    method_id, secret = made
    if not secret:
        return redirect("notifications:contact_method", method_id)
    shown = {"contact_method_id": method_id, "secret": secret}
    return render(request, "notifications/webhook_secret.html", shown)


@requires(Permission.OWN)
@require_http_methods(["GET", "POST"])
def contact_method(request: HttpRequest, contact_method_id: int) -> HttpResponse:
    """One contact method; POST takes the code that was sent to it."""
    viewer = viewer_of(request)
    form = forms.CodeForm(request.POST or None)
    if request.method == "POST":
        is_done = attempt(
            form,
            lambda: actions.verify(
                contact_method_id=contact_method_id,
                user_id=viewer.user_id,
                answer=form.cleaned_data["code"],
                now=utc_now(),
            ),
        )
        if is_done:
            messages.success(request, "Verified. Send a test page to see how it arrives.")
            return redirect("notifications:contact_method", contact_method_id)
    method = queries.contact_method_of(contact_method_id=contact_method_id, user_id=viewer.user_id)
    context = {
        "method": method,
        "name": forms.NameForm(initial={"label": method.label}),
        "by_code": ports.proved_by_code(method.kind),
        "twin": queries.twin_of(contact_method_id=method.id, user_id=viewer.user_id),
        "latest": queries.latest_to(contact_method_id),
    }
    return _form(request, "notifications/contact_method.html", form, **context)


@requires(Permission.OWN)
@require_POST
def ask(request: HttpRequest, contact_method_id: int) -> HttpResponse:
    actions.ask_verification(
        contact_method_id=contact_method_id, user_id=viewer_of(request).user_id, now=utc_now()
    )
    messages.success(request, "On its way.")
    return redirect("notifications:contact_method", contact_method_id)


@requires(Permission.OWN)
@require_POST
def send_test(request: HttpRequest) -> HttpResponse:
    """A test page to everything that works, and to the inbox."""
    actions.send_test(user_id=viewer_of(request).user_id, now=utc_now())
    messages.success(request, "A test page is on its way. This list shows how it travels.")
    return redirect("notifications:inbox")


@requires(Permission.OWN)
@require_POST
def test_one(request: HttpRequest, contact_method_id: int) -> HttpResponse:
    actions.send_test(
        user_id=viewer_of(request).user_id, contact_method_id=contact_method_id, now=utc_now()
    )
    messages.success(request, "A test page is on its way.")
    return redirect("notifications:contact_method", contact_method_id)


@requires(Permission.OWN)
@require_POST
def make_primary(request: HttpRequest, contact_method_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    actions.make_primary(
        contact_method_id=contact_method_id,
        user_id=viewer.user_id,
        actor=viewer.actor,
        now=utc_now(),
    )
    return redirect("notifications:contact_methods")


@requires(Permission.OWN)
@require_POST
def rename(request: HttpRequest, contact_method_id: int) -> HttpResponse:
    viewer, form = viewer_of(request), forms.NameForm(request.POST)
    if form.is_valid():
        actions.rename_contact_method(
            contact_method_id=contact_method_id,
            user_id=viewer.user_id,
            label=form.cleaned_data["label"],
            actor=viewer.actor,
            now=utc_now(),
        )
        messages.success(request, "Saved.")
    return redirect("notifications:contact_method", contact_method_id)


@requires(Permission.OWN)
@require_POST
def remove(request: HttpRequest, contact_method_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    actions.remove_contact_method(
        contact_method_id=contact_method_id,
        user_id=viewer.user_id,
        actor=viewer.actor,
        now=utc_now(),
    )
    messages.success(request, "Removed.")
    return redirect("notifications:contact_methods")


def _join_link(channel: ports.AddedByHand, user_id: int) -> str:
    if not isinstance(channel, ports.JoinsByLink):
        return ""
    return channel.join_link(user_id, now=utc_now())


def _unused_address(user_id: int) -> str:
    taken = {method.address for method in queries.contact_methods(user_id)}
    address = identity_queries.people([user_id])[user_id].email
    return "" if address in taken else address


def _twins(channel: ports.AddedByHand, user_id: int) -> list[queries.Twin]:
    """The proved addresses that this channel reaches as well."""
    if not channel.address_field.twin:
        return []
    offered = queries.twins_offered(queries.contact_methods(user_id), queries.addable_now())
    return [twin for twin in offered if twin.kind == channel.kind]


def _form(request: HttpRequest, template: str, form: Any, **context: object) -> HttpResponse:  # noqa: ANN401 - any form
    status = 422 if form.errors else 200
    return render(request, template, {"form": form, **context}, status=status)
