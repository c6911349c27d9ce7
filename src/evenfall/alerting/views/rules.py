"""Routing rules: the list in order, the editor, moving without JavaScript."""

from datetime import timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenfall.alerting import actions, forms, queries
from evenfall.alerting.errors import RuleNotFound
from evenfall.alerting.forms.rules import initial_of
from evenfall.alerting.logic.rule_changes import RuleChange
from evenfall.alerting.logic.trying import trouble_with
from evenfall.alerting.queries import RuleView
from evenfall.alerting.views.numbers import number_in
from evenfall.catalog import queries as catalog_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.paging import queries as paging_queries
from evenfall.platform.clock import time_is_up, utc_now
from evenfall.platform.forms import attempt
from evenfall.runbooks import queries as runbooks_queries

# so long somebody who types waits for what their rule would do
TRIES_FOR: Final = timedelta(seconds=0.6)


@requires(Permission.VIEW)
@require_GET
def rule_list(request: HttpRequest) -> HttpResponse:
    return render(request, "alerting/rules.html", _list(request))


def _list(request: HttpRequest) -> dict[str, Any]:
    rules = queries.rules()
    may_manage = viewer_of(request).can(Permission.MANAGE)
    return {
        "rules": rules,
        "movable": len(rules) - 1,
        "may_manage": may_manage,
        "standing": queries.rules_standing(),
    }


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def new_rule(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE)
    form = _form(request, None)
    if request.method == "POST" and "preview" not in request.POST and _create(request, form):
        return redirect("alerting:rules")
    return _edit(request, form, "New rule", None)


def _create(request: HttpRequest, form: forms.RuleForm) -> bool:
    def create() -> int:
        return actions.create_rule(
            draft=_draft(form),
            now=utc_now(),
            actor=viewer_of(request).actor,
            note=form.cleaned_data["note"],
        )

    if not attempt(form, create):
        return False
    messages.success(request, "The rule is in force.")
    return True


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def edit_rule(request: HttpRequest, rule_id: int) -> HttpResponse:
    viewer_of(request).check(Permission.MANAGE)
    try:
        rule = queries.rule(rule_id)
    except RuleNotFound:
        if request.method == "POST" and "condition" in request.POST:
            return _edit_what_is_gone(request)
        raise
    form = _form(request, rule)
    if request.method == "POST" and "preview" not in request.POST:
        done = attempt(form, lambda: _change(request, rule, form))
        if done:
            messages.success(request, "The rule is changed.")
            return redirect("alerting:rules")
    return _edit(request, form, rule.name, rule)


def _edit_what_is_gone(request: HttpRequest) -> HttpResponse:
    """Somebody deleted the rule while it was edited: what was typed can be saved as a new one."""
    form = _form(request, None)
    if request.POST.get("again") and _create(request, form):
        return redirect("alerting:rules")
    form.add_error(None, "Somebody deleted this rule meanwhile. Save it again to make it anew.")
    return _edit(request, form, "Deleted rule", None, again=True)


def _change(request: HttpRequest, rule: RuleView, form: forms.RuleForm) -> bool:
    actions.change_rule(
        rule_id=rule.id,
        draft=_draft(form, rule),
        now=utc_now(),
        actor=viewer_of(request).actor,
        note=form.cleaned_data["note"],
        seen=form.cleaned_data["version"],
    )
    return True


def _form(request: HttpRequest, rule: RuleView | None) -> forms.RuleForm:
    return forms.RuleForm(
        request.POST or None,
        services={one.id: one.name for one in catalog_queries.services().values()},
        policies=paging_queries.policy_names(),
        runbooks=_runbooks(rule),
        initial={"version": queries.rules_version(), **(initial_of(rule) if rule else {})},
        is_catch_all=rule is not None and rule.is_catch_all,
    )


def _runbooks(rule: RuleView | None) -> dict[int, str]:
    """Those that can be started; the one that a rule names stays, whatever became of it."""
    known = runbooks_queries.runnable_runbooks()
    if rule is not None and rule.runbook_id is not None:
        known.setdefault(rule.runbook_id, rule.runbook or "A runbook without steps")
    return known


def _draft(form: forms.RuleForm, rule: RuleView | None = None) -> actions.RuleDraft:
    if rule is not None and rule.is_catch_all:
        return actions.RuleDraft(name=rule.name, effects=form.effects())
    return actions.RuleDraft(
        name=form.cleaned_data["name"],
        condition=form.cleaned_data["condition"],
        effects=form.effects(),
        is_enabled=form.cleaned_data["is_enabled"],
    )


def _edit(
    request: HttpRequest,
    form: forms.RuleForm,
    title: str,
    rule: RuleView | None,
    *,
    again: bool = False,
) -> HttpResponse:
    is_catch_all = rule is not None and rule.is_catch_all
    text = request.POST.get("condition", "")
    context = {
        "form": form,
        "title": title,
        "rule": rule,
        "again": again,
        "is_catch_all": is_catch_all,
        "words": [] if is_catch_all else queries.words_seen(),
        "theirs": _theirs(form, rule),
        "names": queries.names_in_rules() if form.errors else {},
        "version": queries.rules_version(),
        **({} if is_catch_all or not text else _try(request, text, rule.id if rule else None)),
    }
    status = 422 if form.errors else 200
    return render(request, "alerting/rule_form.html", context, status=status)


def _theirs(form: forms.RuleForm, rule: RuleView | None) -> RuleChange | None:
    """What others changed about the rule since the form was opened."""
    if rule is None or not form.is_bound or not form.non_field_errors():
        return None
    seen = form.cleaned_data.get("version")
    if not seen:
        return None
    diff = queries.rules_diff(seen, queries.rules_version())
    number = 0 if rule.is_catch_all else rule.id
    return next((one for one in diff.rules if one.rule_id == number and one.fields), None)


@requires(Permission.MANAGE)
@require_POST
def check_condition(request: HttpRequest) -> HttpResponse:
    """Whether a condition can be read, and what it would take; a part of the form."""
    rule_id = number_in(request.POST.get("rule", ""))
    context = _try(request, request.POST.get("condition", ""), rule_id)
    return render(request, "alerting/rule_preview.html", context)


def _try(request: HttpRequest, text: str, rule_id: int | None) -> dict[str, Any]:
    trouble = trouble_with(text) if text.strip() else None
    if trouble or not text.strip():
        return {"trouble": trouble}
    trial = queries.try_rule(
        condition=text,
        rule_id=rule_id,
        now=utc_now(),
        zone=ZoneInfo(viewer_of(request).time_zone),
        is_late=time_is_up(TRIES_FOR),
    )
    return {"trial": trial}


@requires(Permission.MANAGE)
@require_POST
def move_rule(request: HttpRequest, rule_id: int) -> HttpResponse:
    """One place up or down, or, by drag, in front of the rule `before`."""
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE)
    now, before = utc_now(), request.POST.get("before")
    if before is None:
        up = request.POST.get("direction") == "up"
        actions.move_rule(rule_id=rule_id, up=up, now=now, actor=viewer.actor)
    else:
        other = number_in(before)
        actions.place_rule(rule_id=rule_id, before_id=other, now=now, actor=viewer.actor)
    if request.headers.get("HX-Request"):
        return render(request, "alerting/rule_rows.html", _list(request))
    return redirect("alerting:rules")


@requires(Permission.MANAGE)
@require_POST
def delete_rule(request: HttpRequest, rule_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE)
    actions.delete_rule(rule_id=rule_id, now=utc_now(), actor=viewer.actor)
    messages.success(request, "The rule is deleted.")
    return redirect("alerting:rules")
