"""Routing rules in the words of a manifest."""

from datetime import timedelta

from evenfall.alerting import queries as alerting_queries
from evenfall.alerting.ports import Fallback, Outcome, Severity, Urgency
from evenfall.manifests.logic import specs
from evenfall.manifests.queries.names import RUNBOOKS, Names


def rules(names: Names) -> specs.Rules:
    """All rules in their order."""
    *ordered, otherwise = alerting_queries.rules()
    return specs.Rules(
        ordered=tuple(
            specs.Rule(
                name=one.name,
                when=one.condition,
                then=_effects(one, names),
                is_enabled=one.is_enabled,
            )
            for one in ordered
        ),
        otherwise=_effects(otherwise, names),
    )


def _effects(one: alerting_queries.RuleView, names: Names) -> specs.Effects:
    return specs.Effects(
        outcome=Outcome(one.outcome) if one.outcome else None,
        urgency=Urgency(one.urgency) if one.urgency else None,
        severity=Severity(one.severity) if one.severity else None,
        service=names.key("services", one.service_id),
        policy=names.key("policies", one.policy_id),
        runbook=names.key(RUNBOOKS, one.runbook_id),
        clear_within_seconds=_seconds(one.clear_within),
        fallback=Fallback(one.fallback) if one.fallback else None,
        group_by=one.group_by,
        group_window_seconds=_seconds(one.group_window),
        wait_seconds=_seconds(one.wait),
    )


def _seconds(span: timedelta | None) -> int | None:
    return None if span is None else int(span.total_seconds())
