"""The editor of rotas: a new one from a ready one or from nothing, and one that exists."""

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods
from msgspec.structs import replace

from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.identity.queries import TeamView
from evenfall.oncall import actions, forms, queries
from evenfall.oncall.logic.templates import Template
from evenfall.oncall.logic.week_hours import as_lines, as_windows
from evenfall.oncall.queries.specs import windows_of
from evenfall.platform.clock import utc_now
from evenfall.platform.errors import Conflict, Forbidden, Invalid
from evenfall.platform.wall_clock import reading

BLANK = "blank"


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def new_rota(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    teams = [
        team for team in identity_queries.teams() if viewer.can(Permission.MANAGE, team_id=team.id)
    ]
    wanted = request.GET.get("template", "")
    if request.method == "GET" and wanted not in {BLANK, *Template}:
        context = {"cards": queries.starter_cards(), "teams": teams}
        return render(request, "oncall/rota_start.html", context)
    offered = forms.Choosable(people=identity_queries.active_people(), teams=teams)
    if request.method == "GET":
        chosen = [team for team in teams if str(team.id) == request.GET.get("team")] or teams
        tree = _starter(viewer, wanted, next(iter(chosen), None))
        return _page(request, forms.RotaEditor.of(tree, offered), None)
    return _edit(request, offered, None)


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def edit_rota(request: HttpRequest, rota_id: int) -> HttpResponse:
    viewer, shown = viewer_of(request), queries.rota(rota_id)
    viewer.check(Permission.MANAGE, team_id=shown.team_id)
    offered = forms.Choosable(people=identity_queries.active_people())
    if request.method == "POST":
        return _edit(request, offered, shown)
    plan = queries.plan_to_edit(rota_id, now=utc_now())
    tree = {
        "name": shown.name,
        "description": shown.description,
        "zone": shown.time_zone,
        **forms.tree_of_plan(
            plan,
            windows_of(shown.coverage),
            holds_from=reading(plan.starts_at, ZoneInfo(shown.time_zone)),
        ),
    }
    return _page(request, forms.RotaEditor.of(tree, offered), shown)


def _edit(
    request: HttpRequest, offered: forms.Choosable, shown: queries.RotaDetail | None
) -> HttpResponse:
    """Rearrange what was filled in, preview what it gives, or save."""
    wish = request.POST.get("do", "save")
    if wish not in {"save", "preview"}:
        return _page(request, forms.RotaEditor.rearranged(request.POST, offered, wish), shown)
    editor = forms.RotaEditor.posted(request.POST, offered)
    is_valid = editor.is_valid()
    if request.headers.get("HX-Target") == "preview":
        context = {"preview": _preview(editor, shown) if is_valid else None}
        return render(request, "oncall/parts/preview.html", context)
    if not is_valid:
        return _page(request, editor, shown, status=422)
    if wish == "preview":
        return _page(request, editor, shown, preview=_preview(editor, shown))
    try:
        rota_id = _save(viewer_of(request), editor, shown)
    except (Invalid, Conflict, Forbidden) as error:
        editor.refuse(error)
        return _page(request, editor, shown, status=422)
    return redirect("oncall:rota", rota_id)


def _save(viewer: Viewer, editor: forms.RotaEditor, shown: queries.RotaDetail | None) -> int:
    plan, now = editor.plan(), utc_now()
    fields: dict[str, Any] = {
        "layers": plan.layers,
        "lieutenant": plan.lieutenant,
        "shadows": plan.shadows,
        "holds_from": editor.rota.holds_from,
    }
    if shown is None:
        team_id = editor.rota.cleaned_data["team"]
        viewer.check(Permission.MANAGE, team_id=team_id)
        return actions.create_rota(
            team_id=team_id, **editor.about(), **fields, now=now, actor=viewer.actor
        )
    changed = fields if _is_new(editor, shown) else {}
    actions.change_rota(rota_id=shown.id, **editor.about(), **changed, now=now, actor=viewer.actor)
    return shown.id


def _is_new(editor: forms.RotaEditor, shown: queries.RotaDetail) -> bool:
    """Whether anything was changed that decides who is on call."""
    held = queries.plan_to_edit(shown.id, now=utc_now())
    told = replace(
        held,
        layers=tuple(
            replace(layer, windows=as_windows(as_lines(layer.windows))) for layer in held.layers
        ),
    )
    plan = editor.plan()
    return replace(plan, starts_at=told.starts_at) != told


def _preview(editor: forms.RotaEditor, shown: queries.RotaDetail | None) -> queries.PlanPreview:
    about = editor.about()
    return queries.plan_preview(
        editor.plan(),
        zone=about["zone"],
        coverage=about["coverage"],
        now=utc_now(),
        rota_id=shown.id if shown else None,
    )


def _starter(viewer: Viewer, wanted: str, team: TeamView | None) -> forms.Tree:
    """What a new rota begins with: a template with the people of the team, from this Monday on."""
    template = Template.WEEKLY if wanted == BLANK else Template(wanted)
    people = identity_queries.team_people([team.id]) if team and wanted != BLANK else {}
    user_ids = people[team.id].member_ids if team and team.id in people else ()
    today = reading(utc_now(), ZoneInfo(viewer.time_zone)).date()
    made = queries.starter(template, user_ids=user_ids, zones=[viewer.time_zone], start=today)
    tree = forms.tree_of_plan(made.plan, made.coverage)
    about = {"name": team.name, "team": team.id} if team else {}
    return {"zone": viewer.time_zone, **about, **tree}


def _page(
    request: HttpRequest,
    editor: forms.RotaEditor,
    shown: queries.RotaDetail | None,
    *,
    preview: queries.PlanPreview | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"editor": editor, "form": editor.rota, "rota": shown, "preview": preview}
    return render(request, "oncall/rota_form.html", context, status=status)
