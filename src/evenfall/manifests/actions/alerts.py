"""Integrations, rules and inhibitions, as a manifest wants them."""

from datetime import timedelta

from evenfall.alerting import actions as alerting_actions
from evenfall.alerting import queries as alerting_queries
from evenfall.alerting.actions import (
    InhibitionDraft,
    IntegrationDraft,
    RuleDraft,
    RuleSet,
    WantedRule,
)
from evenfall.alerting.ports import Effects
from evenfall.manifests.actions.hands import Hands
from evenfall.manifests.actions.said import matchers
from evenfall.manifests.logic import specs
from evenfall.manifests.logic.planning import Change
from evenfall.manifests.queries.names import RUNBOOKS


def integration(change: Change, hands: Hands) -> int:
    """Make or change an integration. One that goes is switched off: its alerts stay readable."""
    before, after, own_id = change.before, change.after, change.own_id
    if isinstance(before, specs.Integration):
        hands.team(before.team)
    if not isinstance(after, specs.Integration):
        integration_id = own_id or 0
        alerting_actions.switch_integration(
            integration_id=integration_id, enabled=False, **hands.signed
        )
        return integration_id
    draft = _integration(after, before, hands)
    key = hands.secret("key", after.key) if after.key else None
    if own_id is None:
        own_id, made = alerting_actions.create_integration(draft=draft, key=key, **hands.signed)
        if key is None:
            hands.new_keys[change.thing] = made
    else:
        alerting_actions.change_integration(integration_id=own_id, draft=draft, **hands.signed)
        if key is not None:
            alerting_actions.set_key(integration_id=own_id, key=key, **hands.signed)
    alerting_actions.switch_integration(
        integration_id=own_id, enabled=after.is_enabled, **hands.signed
    )
    return own_id


def _integration(
    said: specs.Integration, before: specs.Spec | None, hands: Hands
) -> IntegrationDraft:
    was = before.secret if isinstance(before, specs.Integration) else None
    return IntegrationDraft(
        name=said.name,
        kind=said.kind,
        service_id=hands.names.id_or_none("services", said.service),
        team_id=hands.team(said.team),
        environment=said.environment,
        mapping=said.mapping,
        secret=_secret(said.secret, was, hands),
    )


def _secret(reference: str | None, was: str | None, hands: Hands) -> str | None:
    """The value to set; None leaves it as it is, "" takes away what a manifest had set."""
    if reference is None:
        return "" if was else None
    return hands.secret("secret", reference)


def rules(change: Change, hands: Hands) -> int:
    """Save the whole list as one version; a rule with the name of one that is there stays it."""
    hands.manage()
    after = change.after if isinstance(change.after, specs.Rules) else specs.Rules()
    *there, _ = alerting_queries.rules()
    ids: dict[str, list[int]] = {}
    for rule in there:
        ids.setdefault(rule.name, []).append(rule.id)
    wanted = [
        WantedRule(
            id=ids[one.name].pop(0) if ids.get(one.name) else None,
            draft=RuleDraft(
                name=one.name,
                condition=one.when,
                effects=_effects(one.then, hands),
                is_enabled=one.is_enabled,
            ),
        )
        for one in after.ordered
    ]
    alerting_actions.replace_rules(
        wanted=RuleSet(rules=wanted, catch_all=_effects(after.otherwise, hands)), **hands.signed
    )
    return 0


def _effects(said: specs.Effects, hands: Hands) -> Effects:
    names = hands.names
    return Effects(
        outcome=said.outcome,
        urgency=said.urgency,
        severity=said.severity,
        service_id=names.id_or_none("services", said.service),
        policy_id=names.id_or_none("policies", said.policy),
        runbook_id=names.id_or_none(RUNBOOKS, said.runbook),
        clear_within=_span(said.clear_within_seconds),
        fallback=said.fallback,
        group_by=said.group_by,
        group_window=_span(said.group_window_seconds),
        wait=_span(said.wait_seconds),
    )


def _span(seconds: int | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)


def inhibition(change: Change, hands: Hands) -> int:
    """Make, change or delete an inhibition rule."""
    hands.manage()
    after, own_id = change.after, change.own_id
    if not isinstance(after, specs.Inhibition):
        inhibition_id = own_id or 0
        alerting_actions.delete_inhibition(inhibition_id=inhibition_id, **hands.signed)
        return inhibition_id
    draft = InhibitionDraft(
        name=after.name,
        source=matchers("source", after.source),
        target=matchers("target", after.target),
        equal=after.equal,
        is_enabled=after.is_enabled,
    )
    if own_id is None:
        return alerting_actions.create_inhibition(draft=draft, **hands.signed)
    alerting_actions.change_inhibition(inhibition_id=own_id, draft=draft, **hands.signed)
    return own_id
