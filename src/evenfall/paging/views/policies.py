"""Policies: the list, one of them with its preview, and the editor."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenfall.catalog import queries as catalog_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.paging import actions, queries
from evenfall.paging.contexts import policies as contexts
from evenfall.paging.errors import PolicyInvalid
from evenfall.paging.forms import Editor
from evenfall.paging.logic.policy import DEFAULT_POLICY
from evenfall.paging.queries import PolicyView
from evenfall.platform.clock import utc_now
from evenfall.platform.errors import Conflict


@requires(Permission.VIEW)
@require_GET
def policy_list(request: HttpRequest) -> HttpResponse:
    context = {
        "rows": contexts.rows(queries.policies()),
        "may_create": viewer_of(request).can_somewhere(Permission.MANAGE),
    }
    return render(request, "paging/policies.html", context)


@requires(Permission.VIEW)
@require_GET
def policy(request: HttpRequest, policy_id: int) -> HttpResponse:
    team_id = _number(request.GET.get("team"))
    shown = queries.policy(policy_id)
    context = contexts.policy_page(shown, viewer_of(request), team_id=team_id, now=utc_now())
    return render(request, "paging/policy.html", context)


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def new_policy(request: HttpRequest) -> HttpResponse:
    return _edit(request, None)


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def edit_policy(request: HttpRequest, policy_id: int) -> HttpResponse:
    return _edit(request, _managed(viewer_of(request), policy_id))


@requires(Permission.MANAGE)
@require_POST
def archive_policy(request: HttpRequest, policy_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    _managed(viewer, policy_id)
    actions.archive_policy(policy_id=policy_id, now=utc_now(), actor=viewer.actor)
    return redirect("paging:policies")


@requires(Permission.MANAGE)
@require_POST
def assign_policy(request: HttpRequest, policy_id: int) -> HttpResponse:
    """Let a team, or a service of one, page by this policy; the viewer manages that team."""
    viewer = viewer_of(request)
    chosen = None if request.POST.get("do") == "release" else policy_id
    noun, _, number = request.POST.get("target", "").partition(":")
    target = int(number) if number.isdecimal() else 0
    if noun == "team":
        viewer.check(Permission.MANAGE, team_id=target)
        actions.assign_policy(policy_id=chosen, team_id=target, now=utc_now(), actor=viewer.actor)
    else:
        viewer.check(Permission.MANAGE, team_id=catalog_queries.service(target).team_id)
        actions.assign_policy(
            policy_id=chosen, service_id=target, now=utc_now(), actor=viewer.actor
        )
    return redirect("paging:policy", policy_id)


def _edit(request: HttpRequest, shown: PolicyView | None) -> HttpResponse:
    """Show the editor, rearrange it, preview what it says, or save."""
    viewer = viewer_of(request)
    offered = contexts.chooseable(viewer)
    if request.method == "GET":
        spec = shown.spec if shown else DEFAULT_POLICY
        return _editor(request, shown, Editor.of(shown, spec, offered))
    wish = request.POST.get("do", "save")
    if wish not in {"save", "preview"}:
        return _editor(request, shown, Editor.rearranged(request.POST, offered, wish))
    editor = Editor.posted(request.POST, offered)
    if not editor.is_valid():
        return _editor(request, shown, editor, status=422)
    if wish == "preview":
        return _previewed(request, shown, editor)
    try:
        policy_id = _save(viewer, shown, editor)
    except PolicyInvalid as error:
        editor.refuse(error)
    except Conflict as error:
        editor.policy.add_error(None, error.message)
    else:
        return redirect("paging:policy", policy_id)
    return _editor(request, shown, editor, status=422)


def _save(viewer: Viewer, shown: PolicyView | None, editor: Editor) -> int:
    said = editor.policy.cleaned_data
    viewer.check(Permission.MANAGE, team_id=said["team_id"])
    fields = {
        "name": said["name"],
        "description": said["description"],
        "team_id": said["team_id"],
        "spec": editor.spec(),
        "now": utc_now(),
        "actor": viewer.actor,
    }
    if shown is None:
        return actions.create_policy(**fields)
    actions.save_policy(policy_id=shown.id, seen_number=said["seen_number"], **fields)
    return shown.id


def _previewed(request: HttpRequest, shown: PolicyView | None, editor: Editor) -> HttpResponse:
    team_id = editor.policy.cleaned_data["team_id"]
    if team_id is None and shown is not None:
        team_id = next(iter(shown.team_ids), None)
    lines = queries.preview_policy(editor.spec(), team_id=team_id, now=utc_now())
    return _editor(request, shown, editor, preview=lines)


def _editor(
    request: HttpRequest,
    shown: PolicyView | None,
    editor: Editor,
    *,
    preview: list[queries.PreviewLine] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"editor": editor, "policy": shown, "preview": preview}
    return render(request, "paging/policy_editor.html", context, status=status)


def _managed(viewer: Viewer, policy_id: int) -> PolicyView:
    shown = queries.policy(policy_id)
    viewer.check(Permission.MANAGE, team_id=shown.team_id)
    return shown


def _number(said: str | None) -> int | None:
    return int(said) if said and said.isdecimal() else None
