"""What somebody is writing, as a change nobody saved yet: for a look at what it would do."""

from django.http import QueryDict

from evenfall.alerting import forms, queries
from evenfall.alerting.forms.rules import initial_of
from evenfall.alerting.logic.rules import Rule
from evenfall.alerting.ports.proposals import (
    InhibitionChange,
    MaintenanceChange,
    RuleChange,
    SilenceChange,
)
from evenfall.catalog import queries as catalog_queries
from evenfall.identity.permissions import Permission, Viewer
from evenfall.paging import queries as paging_queries
from evenfall.platform.forms import require_valid
from evenfall.runbooks import queries as runbooks_queries

_NOT_YET = "What if"
"""Stands where a name or a reason is asked for: a change can be seen before it has one."""


def rule_change(data: QueryDict, rule_id: int | None, viewer: Viewer) -> RuleChange:
    """Raises Forbidden, RuleNotFound, NotFilledIn."""
    viewer.check(Permission.MANAGE)
    rule = None if rule_id is None else queries.rule(rule_id)
    is_catch_all = rule is not None and rule.is_catch_all
    form = forms.RuleForm(
        _filled(data, name=rule.name if rule else _NOT_YET),
        services={one.id: one.name for one in catalog_queries.services().values()},
        policies=paging_queries.policy_names(),
        runbooks=runbooks_queries.runnable_runbooks(),
        initial=initial_of(rule) if rule else None,
        is_catch_all=is_catch_all,
    )
    require_valid(form)
    said = form.cleaned_data
    written = Rule(
        id=rule_id or 0,
        name=said.get("name") or (rule.name if rule else _NOT_YET),
        condition=said.get("condition", "true"),
        effects=form.effects(),
        is_catch_all=is_catch_all,
        is_enabled=said.get("is_enabled", True),
    )
    return RuleChange(rule_id=rule_id, rule=written)


def silence_change(data: QueryDict, _silence_id: int | None, viewer: Viewer) -> SilenceChange:
    """Raises ReachesOtherTeams, NotFilledIn."""
    form = forms.SilenceForm(_filled(data, comment=_NOT_YET))
    require_valid(form)
    matchers = form.cleaned_data["matchers"]
    queries.check_quiet(viewer, matchers=matchers)
    return SilenceChange(matchers=matchers)


def maintenance_change(
    data: QueryDict, _maintenance_id: int | None, viewer: Viewer
) -> MaintenanceChange:
    """Raises ReachesOtherTeams, NotFilledIn."""
    services = {one.id: one.name for one in catalog_queries.services().values()}
    form = forms.MaintenanceForm(services, _filled(data, name=_NOT_YET, ends_at="2100-01-01T00:00"))
    require_valid(form)
    said = form.cleaned_data
    service_ids = frozenset(int(number) for number in said["service_ids"])
    queries.check_quiet(viewer, matchers=said["matchers"], service_ids=service_ids)
    return MaintenanceChange(
        name=said["name"],
        service_ids=service_ids,
        environments=frozenset(said["environments"]),
        matchers=said["matchers"],
    )


def inhibition_change(
    data: QueryDict, inhibition_id: int | None, viewer: Viewer
) -> InhibitionChange:
    """Raises Forbidden, NotFilledIn."""
    viewer.check(Permission.MANAGE)
    form = forms.InhibitionForm(_filled(data, name=_NOT_YET))
    require_valid(form)
    said = form.draft()
    return InhibitionChange(
        inhibition_id=inhibition_id,
        name=said.name,
        source=tuple(said.source) if said.is_enabled else (),
        target=tuple(said.target),
        equal=tuple(said.equal),
    )


def _filled(data: QueryDict, **missing: str) -> QueryDict:
    """What was sent, with a word for what is not needed yet."""
    copied = data.copy()
    for name, value in missing.items():
        if not copied.get(name, "").strip():
            copied[name] = value
    return copied
