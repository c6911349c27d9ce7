"""Personal rules: how I want to be reached."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.paging import actions, queries
from evenfall.paging.contexts import rules as contexts
from evenfall.paging.forms import RulesEditor
from evenfall.platform.clock import utc_now

STRUCTURAL = ("add", "remove.", "up.", "down.")


@requires(Permission.OWN)
@require_http_methods(["GET", "POST"])
def my_rules(request: HttpRequest) -> HttpResponse:
    """Show the rules, rearrange them, or save; every POST comes with one wish."""
    viewer, now = viewer_of(request), utc_now()
    kinds = contexts.kinds_offered(viewer)
    saved = queries.rules_of([viewer.user_id])[viewer.user_id]
    wish = request.POST.get("do", "save")
    if request.method == "GET":
        return _page(request, RulesEditor.of(saved, kinds))
    if wish == "reset":
        actions.reset_rules(user_id=viewer.user_id, now=now, actor=viewer.actor)
        return redirect("paging:rules")
    if wish.startswith(STRUCTURAL):
        return _page(request, RulesEditor.rearranged(request.POST, kinds, wish))
    editor = RulesEditor.posted(request.POST, kinds)
    if not editor.is_valid():
        return _page(request, editor, status=422)
    actions.save_rules(user_id=viewer.user_id, rules=editor.rules(), now=now, actor=viewer.actor)
    return redirect("paging:rules")


def _page(request: HttpRequest, editor: RulesEditor, *, status: int = 200) -> HttpResponse:
    """The timeline shows the rows as they stand where they can be read, else what is saved."""
    viewer = viewer_of(request)
    rules = editor.drafted() or queries.rules_of([viewer.user_id])[viewer.user_id]
    context = contexts.rules_page(viewer, editor, rules, now=utc_now())
    return render(request, "paging/rules.html", context, status=status)
