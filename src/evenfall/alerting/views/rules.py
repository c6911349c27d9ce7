"""Routing rules: the list in order, the editor, moving without JavaScript."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenfall.alerting import actions, forms, queries
from evenfall.alerting.forms.rules import initial_of
from evenfall.alerting.logic.expressions import ExpressionError, compile_condition
from evenfall.alerting.queries import RulePreview, RuleView
from evenfall.catalog import queries as catalog_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.paging import queries as paging_queries
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt
from evenfall.runbooks import queries as runbooks_queries


@requires(Permission.VIEW)
@require_GET
def rule_list(request: HttpRequest) -> HttpResponse:
    rules = queries.rules()
    may_manage = viewer_of(request).can(Permission.MANAGE)
    context = {"rules": rules, "movable": len(rules) - 1, "may_manage": may_manage}
    return render(request, "alerting/rules.html", context)


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def new_rule(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE)
    form = _form(request, None)
    if request.method == "POST" and "preview" not in request.POST:
        made = attempt(
            form,
            lambda: actions.create_rule(draft=_draft(form), now=utc_now(), actor=viewer.actor),
        )
        if made:
            messages.success(request, "The rule is in force.")
            return redirect("alerting:rules")
    return _edit(request, form, "New rule", None)


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def edit_rule(request: HttpRequest, rule_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE)
    rule = queries.rule(rule_id)
    form = _form(request, rule)
    if request.method == "POST" and "preview" not in request.POST:
        done = attempt(form, lambda: _change(request, rule, form))
        if done:
            messages.success(request, "The rule is changed.")
            return redirect("alerting:rules")
    return _edit(request, form, rule.name, rule)


def _change(request: HttpRequest, rule: RuleView, form: forms.RuleForm) -> bool:
    draft, actor = _draft(form, rule), viewer_of(request).actor
    actions.change_rule(rule_id=rule.id, draft=draft, now=utc_now(), actor=actor)
    return True


def _form(request: HttpRequest, rule: RuleView | None) -> forms.RuleForm:
    return forms.RuleForm(
        request.POST or None,
        services={one.id: one.name for one in catalog_queries.services().values()},
        policies=paging_queries.policy_names(),
        runbooks=_runbooks(rule),
        initial=initial_of(rule) if rule else None,
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
    request: HttpRequest, form: forms.RuleForm, title: str, rule: RuleView | None
) -> HttpResponse:
    preview, problem = _try(request.POST.get("condition", "")) if request.POST else (None, "")
    context = {
        "form": form,
        "title": title,
        "rule": rule,
        "preview": preview,
        "problem": problem,
        "is_catch_all": rule is not None and rule.is_catch_all,
    }
    status = 422 if form.errors else 200
    return render(request, "alerting/rule_form.html", context, status=status)


@requires(Permission.MANAGE)
@require_POST
def check_condition(request: HttpRequest) -> HttpResponse:
    """Whether a condition can be read, and for which recent alerts it holds; a part of the form."""
    preview, problem = _try(request.POST.get("condition", ""))
    context = {"preview": preview, "problem": problem}
    return render(request, "alerting/rule_preview.html", context)


def _try(text: str) -> tuple[RulePreview | None, str]:
    try:
        return queries.preview_condition(compile_condition(text)), ""
    except ExpressionError as error:
        return None, str(error)


@requires(Permission.MANAGE)
@require_POST
def move_rule(request: HttpRequest, rule_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE)
    up = request.POST.get("direction") == "up"
    actions.move_rule(rule_id=rule_id, up=up, now=utc_now(), actor=viewer.actor)
    return redirect("alerting:rules")


@requires(Permission.MANAGE)
@require_POST
def delete_rule(request: HttpRequest, rule_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE)
    actions.delete_rule(rule_id=rule_id, now=utc_now(), actor=viewer.actor)
    messages.success(request, "The rule is deleted.")
    return redirect("alerting:rules")
