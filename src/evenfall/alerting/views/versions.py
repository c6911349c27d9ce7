"""Versions of the rules: the list, what differs between two of them, restoring, the export."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from evenfall.alerting import actions, queries
from evenfall.alerting.views.numbers import number_in
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now


@requires(Permission.VIEW)
@require_GET
def version_list(request: HttpRequest) -> HttpResponse:
    page = queries.rule_versions(cursor=request.GET.get("cursor"))
    context = {
        "page": page,
        "newest": queries.rules_version(),
        "may_manage": viewer_of(request).can(Permission.MANAGE),
    }
    return render(request, "alerting/rule_versions.html", context)


@requires(Permission.VIEW)
@require_GET
def version(request: HttpRequest, rules_version: int) -> HttpResponse:
    """A version beside the one before it, or beside `from`."""
    other = number_in(request.GET.get("from", ""))
    before = queries.version_before(rules_version) if other is None else other
    diff = queries.rules_diff(rules_version if before is None else before, rules_version)
    context = {
        "diff": diff,
        "is_first": before is None,
        "at": queries.rules_at(rules_version),
        "names": queries.names_in_rules(),
        "newest": queries.rules_version(),
        "others": queries.rule_versions(size=100).items,
        "may_manage": viewer_of(request).can(Permission.MANAGE),
    }
    return render(request, "alerting/rule_version.html", context)


@requires(Permission.VIEW)
@require_GET
def export_version(request: HttpRequest, rules_version: int) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """The rules of a version as a file."""
    body = json.dumps(queries.exported_rules(rules_version), ensure_ascii=False, indent=2)
    answer = HttpResponse(body + "\n", content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="rules-version-{rules_version}.json"'
    return answer


@requires(Permission.MANAGE)
@require_POST
def restore_version(request: HttpRequest, rules_version: int) -> HttpResponse:
    """Bring a version back, unless somebody made a newer one than the page knew."""
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE)
    restored = actions.restore_rules(
        version=rules_version,
        now=utc_now(),
        actor=viewer.actor,
        note=request.POST.get("note", ""),
        seen=number_in(request.POST.get("seen", "")),
    )
    messages.success(request, f"The rules are as in version {rules_version} again.")
    for line in restored.lost:
        messages.warning(request, f"{line}.")
    return redirect("alerting:rules")
