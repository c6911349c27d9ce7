"""Integrations: keys for tools, what to copy into them, and whether anything came yet."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenfall.alerting import actions, forms, queries
from evenfall.alerting.forms.integrations import initial_of
from evenfall.alerting.logic.snippet_words import Snippet
from evenfall.alerting.logic.snippets import KINDS, MAIL, snippets_for
from evenfall.alerting.queries import AlertFilter, IntegrationView
from evenfall.catalog import queries as catalog_queries
from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.platform.clock import utc_now
from evenfall.platform.crypto import decrypt, encrypt
from evenfall.platform.forms import attempt
from evenfall.platform.mail_in import address_of

_NEW_KEYS = "alerting.new_keys"


@requires(Permission.VIEW)
@require_GET
def integration_list(request: HttpRequest) -> HttpResponse:
    page = queries.integrations_page(cursor=request.GET.get("cursor"))
    context = {
        "page": page,
        "may_manage": viewer_of(request).can_somewhere(Permission.MANAGE),
        "unknown": queries.unknown_keys(now=utc_now()),
    }
    return render(request, "alerting/integrations.html", context)


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def new_integration(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    form = _form(request, initial={"kind": request.GET.get("kind", "prometheus")})
    if request.method == "POST":
        made = attempt(form, lambda: _create(viewer, form))
        if made:
            _show_once(request, *made)
            return redirect("alerting:integration", made[0])
    context = {"form": form, "title": "New integration", "kinds": KINDS}
    status = 422 if form.errors else 200
    return render(request, "alerting/integration_form.html", context, status=status)


def _create(viewer: Viewer, form: forms.IntegrationForm) -> tuple[int, str]:
    draft = form.draft()
    queries.check_managed(viewer, team_id=draft.team_id, service_id=draft.service_id)
    return actions.create_integration(draft=draft, now=utc_now(), actor=viewer.actor)


def _managed(request: HttpRequest, integration_id: int) -> IntegrationView:
    view = queries.integration(integration_id)
    viewer = viewer_of(request)
    queries.check_managed(viewer, team_id=view.team_id, service_id=view.service_id)
    return view


@requires(Permission.VIEW)
@require_GET
def integration(request: HttpRequest, integration_id: int) -> HttpResponse:
    view = queries.integration(integration_id)
    if request.GET.get("part") == "signals":
        return render(request, "alerting/integration_signals.html", _signals(view))
    key = _shown_key(request, integration_id)
    viewer = viewer_of(request)
    context = _signals(view) | {
        "key": key,
        "secret": (address_of(key) or key) if view.kind == MAIL and key else key,
        "snippets": _snippets(view.kind, key or "YOUR-KEY"),
        "kind": KINDS.get(view.kind),
        "is_mail": view.kind == MAIL,
        "mailbox_problem": queries.mailbox_problem() if view.kind == MAIL else "",
        "mail_is_off": view.kind == MAIL and not address_of("key"),
        "may_manage": viewer.can(Permission.MANAGE, team_id=view.team_id),
    }
    return render(request, "alerting/integration.html", context)


def _snippets(kind: str, key: str) -> tuple[Snippet, ...]:
    address = address_of(key.lower() if kind == MAIL else key)
    if kind == MAIL and not address:
        return ()
    url = settings.EVENFALL.public_url
    return snippets_for(kind, public_url=url, key=key, address=address)


def _signals(view: IntegrationView) -> dict[str, object]:
    newest = queries.alerts_page(AlertFilter(state="all", integration_id=view.id), size=5)
    return {
        "integration": view,
        "alerts": newest.items,
        "received": bool(newest.items or view.last_signal_at),
    }


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def edit_integration(request: HttpRequest, integration_id: int) -> HttpResponse:
    view = _managed(request, integration_id)
    form = _form(request, initial=initial_of(view))
    if request.method == "POST" and attempt(form, lambda: _change(request, view, form)):
        messages.success(request, "Saved.")
        return redirect("alerting:integration", integration_id)
    context = {"form": form, "title": f"Edit {view.name}", "kinds": KINDS, "integration": view}
    status = 422 if form.errors else 200
    return render(request, "alerting/integration_form.html", context, status=status)


def _change(request: HttpRequest, view: IntegrationView, form: forms.IntegrationForm) -> bool:
    viewer, draft = viewer_of(request), form.draft()
    queries.check_managed(viewer, team_id=draft.team_id, service_id=draft.service_id)
    actions.change_integration(
        integration_id=view.id, draft=draft, now=utc_now(), actor=viewer.actor
    )
    return True


@requires(Permission.MANAGE)
@require_POST
def rotate_key(request: HttpRequest, integration_id: int) -> HttpResponse:
    view = _managed(request, integration_id)
    actor = viewer_of(request).actor
    key = actions.rotate_key(integration_id=view.id, now=utc_now(), actor=actor)
    _show_once(request, view.id, key)
    messages.success(request, "Here is the new key. The old one works for 7 more days.")
    return redirect("alerting:integration", integration_id)


@requires(Permission.MANAGE)
@require_POST
def switch_integration(request: HttpRequest, integration_id: int) -> HttpResponse:
    view = _managed(request, integration_id)
    actions.switch_integration(
        integration_id=view.id,
        enabled=request.POST.get("enabled") == "1",
        now=utc_now(),
        actor=viewer_of(request).actor,
    )
    return redirect("alerting:integration", integration_id)


def _form(request: HttpRequest, *, initial: dict[str, object]) -> forms.IntegrationForm:
    return forms.IntegrationForm(
        request.POST or None,
        services={one.id: one.name for one in catalog_queries.services().values()},
        teams={team.id: team.name for team in identity_queries.teams()},
        initial=initial,
    )


def _show_once(request: HttpRequest, integration_id: int, key: str) -> None:
    """Keep the key, encrypted, until the next page has shown it."""
    request.session[_NEW_KEYS] = {str(integration_id): encrypt(key)}


def _shown_key(request: HttpRequest, integration_id: int) -> str:
    kept = request.session.get(_NEW_KEYS, {}).get(str(integration_id))
    if kept is None:
        return ""
    del request.session[_NEW_KEYS]
    return decrypt(kept)
