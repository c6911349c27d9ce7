"""One item: its page, and what is known of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.ports import Environment
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.incidents.ports import Sev
from evenfall.platform import markdown
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt
from evenfall.triage import actions, contexts, queries
from evenfall.triage.actions import Details
from evenfall.triage.forms import DetailsForm

# what takes an item a step further with one press
_FIRST_ACTS = frozenset({"accepted", "pulled", "resumed", "fixed"})


@requires(Permission.VIEW)
@require_safe
def one(request: HttpRequest, item_id: int) -> HttpResponse:
    """GET /triage/17/"""
    item = queries.item(item_id, now=utc_now())
    may_respond = viewer_of(request).can(Permission.RESPOND, team_id=item.team_id)
    can = contexts.possible(item) if may_respond else set[str]()
    context = {
        "item": item,
        "clocks": contexts.clock_lines(item.clocks),
        "html": markdown.to_html(item.description),
        "events": queries.history(item_id),
        "has_broken": any(clock.is_broken for clock in item.clocks),
        "may_respond": may_respond,
        "can": can,
        "may_go_on": not can.isdisjoint(_FIRST_ACTS),
        "mondays": contexts.mondays(utc_now()) if "scheduled" in can else (),
        "services": catalog_queries.services().values() if "promoted" in can else (),
        "severities": list(Sev),
        "environments": list(Environment),
        "original": queries.original_of(item) if item.duplicate_of_id else None,
        "duplicates": queries.duplicates_of(item_id),
        "reasons": [("reporter", "the reporter"), ("vendor", "a vendor"), ("change", "a change")],
    }
    return render(request, "triage/item.html", context)


@requires(Permission.RESPOND)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, item_id: int) -> HttpResponse:
    """GET, POST /triage/17/edit/: what is known, and how bad and urgent it is."""
    viewer, item = contexts.responder_of(request, item_id), queries.item(item_id, now=utc_now())
    form = DetailsForm(
        request.POST or None, people=contexts.people_to_choose(), initial=_initial(item)
    )

    def save() -> bool:
        now = utc_now()
        actions.change_item(item_id=item_id, details=form.details(), now=now, actor=viewer.actor)
        actions.prioritise(item_id=item_id, **form.levels(), now=now, actor=viewer.actor)
        return True

    if request.method == "POST" and attempt(form, save):
        messages.success(request, "Saved.")
        return redirect("triage:item", item_id)
    status = 422 if form.errors else 200
    return render(request, "triage/edit.html", {"item": item, "form": form}, status=status)


def _initial(item: queries.ItemView) -> dict[str, Any]:
    known = {name: getattr(item, name, None) for name in Details.__struct_fields__}
    for name in ("technical_contact", "technical_stand_in"):
        somebody = getattr(item, name)
        known[f"{name}_id"] = somebody.id if somebody else None
    known["skills"] = ", ".join(item.skills)
    return {**known, "impact": item.impact.value, "urgency": item.urgency.value}
