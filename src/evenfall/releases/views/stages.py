"""The way of a service, and that of the site."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from msgspec.structs import replace

from evenfall.catalog import queries as catalog_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt
from evenfall.platform.rows import rearranged
from evenfall.releases import actions, queries
from evenfall.releases.actions import Reach, StageWish
from evenfall.releases.contexts import keeper_of_reach
from evenfall.releases.forms import StageForm, stage_initial
from evenfall.releases.logic.gates import TITLES
from evenfall.releases.logic.rules import Rules
from evenfall.releases.queries import StageView

MANAGE = Permission.MANAGE


@requires(Permission.VIEW)
@require_safe
def stages(request: HttpRequest, slug: str = "") -> HttpResponse:
    """GET /services/shop/stages/ or, for the way of the site, /releases/stages/."""
    service = catalog_queries.service_by_slug(slug) if slug else None
    found = way(slug)
    context = {
        "service": service,
        "slug": slug,
        "stages": [
            (one, [TITLES[name] for name in TITLES if name in one.rules.gates]) for one in found
        ],
        "revision": revision_of(found, slug),
        "is_own": is_own(found, slug),
        "may_manage": viewer_of(request).can(MANAGE, team_id=service.team_id if service else None),
    }
    return render(request, "releases/stages.html", context)


@requires(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def stage(request: HttpRequest, place: int, slug: str = "") -> HttpResponse:
    """GET, POST /services/shop/stages/2/: the second; one more than there are adds one."""
    found = way(slug)
    if not 1 <= place <= len(found) + 1:
        raise Http404
    known = found[place - 1] if place <= len(found) else None
    keeper_of_reach(request, _reach(slug), MANAGE)
    initial = stage_initial(known) if known else {"gates": ["approvals", "rollback"]}
    form = StageForm(request.POST or None, initial=initial | {"revision": revision_of(found, slug)})

    def save() -> bool:
        fresh = form.wish(known.rules if known else Rules())
        wishes = [_wish(one) for one in found]
        wishes[place - 1 : place] = [fresh]
        _save(request, slug, wishes, form.cleaned_data["revision"] or 0)
        return True

    if request.method == "POST" and attempt(form, save):
        return _back(slug)
    context = {
        "form": form,
        "title": known.name if known else "Add a stage",
        "slug": slug,
        "above": _above(slug),
    }
    status = 422 if form.errors else 200
    return render(request, "releases/setting_form.html", context, status=status)


@requires(MANAGE)
@require_POST
def rearrange(request: HttpRequest, slug: str = "") -> HttpResponse:
    """POST …/stages/ with `wish` (remove.1, up.1, down.1, or clear) and `revision`."""
    keeper_of_reach(request, _reach(slug), MANAGE)
    wish, revision = request.POST.get("wish", ""), request.POST.get("revision", "")
    wishes = [_wish(one) for one in way(slug)]
    if wish == "clear":
        changed: list[StageWish] = []
    else:
        fresh = replace(wishes[0]) if wishes else StageWish(name="", environment="", rules=Rules())
        changed = rearranged(wishes, wish, fresh=fresh, most=0)
    _save(request, slug, changed, _number(revision))
    return _back(slug)


def _above(slug: str) -> tuple[str, str]:
    """The way that a stage belongs to: its address and what it is called."""
    if not slug:
        return reverse("releases:site_stages"), "Stages"
    service = catalog_queries.service_by_slug(slug)
    return reverse("releases:stages", args=[slug]), f"Stages of {service.name}"


def way(slug: str) -> list[StageView]:
    """The stages of a service, "" for those of the site."""
    if not slug:
        return queries.site_stages()
    return queries.stages_of(catalog_queries.service_by_slug(slug).id)


def is_own(found: list[StageView], slug: str) -> bool:
    """Whether somebody set this way, for this very service or site."""
    return any(one.id is not None and (one.service_id is not None) == bool(slug) for one in found)


def revision_of(found: list[StageView], slug: str) -> int:
    return max((one.revision for one in found), default=0) if is_own(found, slug) else 0


def _wish(view: StageView) -> StageWish:
    return StageWish(name=view.name, environment=view.environment.value, rules=view.rules)


def _reach(slug: str) -> Reach:
    return Reach(service_id=catalog_queries.service_by_slug(slug).id if slug else None)


def _save(request: HttpRequest, slug: str, wishes: list[StageWish], revision: int) -> None:
    actions.save_stages(
        service_id=_reach(slug).service_id,
        stages=wishes,
        revision=revision,
        now=utc_now(),
        actor=viewer_of(request).actor,
    )


def _number(text: str) -> int:
    """A revision; nine digits fit every column."""
    return int(text) if text.isdecimal() and len(text) < 10 else -1  # noqa: PLR2004 - said above


def _back(slug: str) -> HttpResponse:
    if slug:
        return redirect("releases:stages", slug=slug)
    return redirect("releases:site_stages")
