"""Sources of changes: keys for tools, what to copy into them, and what of them was refused."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evenfall.catalog import queries as catalog_queries
from evenfall.changes import actions, queries
from evenfall.changes.actions import Keys
from evenfall.changes.forms import SourceForm, initial_of
from evenfall.changes.ports import Snippet, formats
from evenfall.changes.queries import Filters, SourceView
from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.platform.crypto import decrypt, encrypt
from evenfall.platform.forms import attempt

_NEW_KEYS = "changes.new_keys"
_KEY, _SECRET = "YOUR-KEY", "YOUR-SECRET"


@requires(Permission.VIEW)
@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """GET /changes/sources/"""
    context = {
        "page": queries.sources_page(cursor=request.GET.get("cursor")),
        "may_manage": viewer_of(request).can_somewhere(Permission.MANAGE),
    }
    return render(request, "changes/sources.html", context)


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def new_source(request: HttpRequest) -> HttpResponse:
    """GET, POST /changes/sources/new/"""
    form = _form(request, {"kind": request.GET.get("kind", "json")})

    def save() -> tuple[int, Keys]:
        wish, viewer = form.wish(), viewer_of(request)
        _check(request, wish)
        return actions.create_source(wish=wish, now=utc_now(), actor=viewer.actor)

    if request.method == "POST" and (made := attempt(form, save)):
        _show_once(request, *made)
        return redirect("changes:source", made[0])
    context = {"form": form, "title": "New source of changes", "kinds": formats().values()}
    return render(request, "changes/source_form.html", context, status=422 if form.errors else 200)


@requires(Permission.VIEW)
@require_safe
def source(request: HttpRequest, change_source_id: int) -> HttpResponse:
    """GET /changes/sources/3/; part=received is the part that shows what came."""
    view = queries.source(change_source_id)
    if request.GET.get("part") == "received":
        return render(request, "changes/source_received.html", _received(view))
    keys = _shown_keys(request, view.id)
    viewer = viewer_of(request)
    context = _received(view) | {
        "keys": keys,
        "snippets": _snippets(view, keys),
        "format": formats().get(view.kind),
        "may_manage": viewer.can(Permission.MANAGE, team_id=view.team_id),
    }
    answer = render(request, "changes/source.html", context)
    answer["Cache-Control"] = "no-store"  # it may show a key
    return answer


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def edit_source(request: HttpRequest, change_source_id: int) -> HttpResponse:
    """GET, POST /changes/sources/3/edit/"""
    view = _managed(request, change_source_id)
    form = _form(request, initial_of(view))
    form.fields["kind"].disabled = True
    form.fields["is_signed"].disabled = True

    def save() -> bool:
        wish, viewer = form.wish(), viewer_of(request)
        _check(request, wish)
        actions.change_source(source_id=view.id, wish=wish, now=utc_now(), actor=viewer.actor)
        return True

    if request.method == "POST" and attempt(form, save):
        messages.success(request, "Saved.")
        return redirect("changes:source", view.id)
    context = {
        "form": form,
        "title": f"Edit {view.name}",
        "kinds": formats().values(),
        "source": view,
    }
    return render(request, "changes/source_form.html", context, status=422 if form.errors else 200)


@requires(Permission.MANAGE)
@require_POST
def new_keys(request: HttpRequest, change_source_id: int) -> HttpResponse:
    """POST /changes/sources/3/keys/: the old ones work no more."""
    view = _managed(request, change_source_id)
    keys = actions.new_keys(
        source_id=view.id,
        is_signed=view.is_signed,
        now=utc_now(),
        actor=viewer_of(request).actor,
    )
    _show_once(request, view.id, keys)
    messages.success(request, "Here are the new ones. The old ones work no more.")
    return redirect("changes:source", view.id)


@requires(Permission.MANAGE)
@require_POST
def switch_source(request: HttpRequest, change_source_id: int) -> HttpResponse:
    """POST /changes/sources/3/switch/"""
    view = _managed(request, change_source_id)
    actions.switch_source(
        source_id=view.id,
        enabled=request.POST.get("enabled") == "1",
        now=utc_now(),
        actor=viewer_of(request).actor,
    )
    return redirect("changes:source", view.id)


def address_of(key: str) -> str:
    """Where a tool with this key reports."""
    return f"{settings.EVENFALL.public_url}{reverse('changes:receive', args=[key])}"


def _managed(request: HttpRequest, source_id: int) -> SourceView:
    view = queries.source(source_id)
    viewer_of(request).check(Permission.MANAGE, team_id=view.team_id)
    return view


def _check(request: HttpRequest, wish: actions.SourceWish) -> None:
    queries.check_managed(
        viewer_of(request),
        team_id=wish.team_id,
        service_id=wish.service_id,
        slugs=set(wish.mapping.values()),
    )


def _form(request: HttpRequest, initial: dict[str, Any]) -> SourceForm:
    return SourceForm(
        request.POST or None,
        kinds=formats(),
        services=catalog_queries.services().values(),
        teams=identity_queries.teams(),
        initial=initial,
    )


def _received(view: SourceView) -> dict[str, Any]:
    newest = queries.changes_page(Filters(source_id=view.id), size=5)
    return {
        "source": view,
        "changes": newest.items,
        "refused": queries.refused_reports(view.id),
    }


def _snippets(view: SourceView, keys: Keys | None) -> list[Snippet]:
    one = formats().get(view.kind)
    if one is None:
        return []
    secret = (keys.secret if keys else _SECRET) if view.is_signed else ""
    return list(one.snippets(address=address_of(keys.key if keys else _KEY), secret=secret))


def _show_once(request: HttpRequest, source_id: int, keys: Keys) -> None:
    """Keep the keys, encrypted, until the next page has shown them."""
    request.session[_NEW_KEYS] = {str(source_id): [encrypt(keys.key), encrypt(keys.secret)]}


def _shown_keys(request: HttpRequest, source_id: int) -> Keys | None:
    kept = request.session.get(_NEW_KEYS, {}).get(str(source_id))
    if kept is None:
        return None
    del request.session[_NEW_KEYS]
    return Keys(key=decrypt(kept[0]), secret=decrypt(kept[1]))
