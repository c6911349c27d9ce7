"""One thing of a rule or an integration changed, whatever else it says."""

from datetime import datetime

from django.db import transaction

from evenfall.alerting.actions.inhibiting import InhibitionDraft, change_inhibition
from evenfall.alerting.actions.integrating import IntegrationDraft, change_integration, locked
from evenfall.alerting.actions.routing import RuleDraft, change_rule
from evenfall.alerting.errors import RuleNotFound
from evenfall.alerting.models import RoutingRule
from evenfall.alerting.queries.context import rule_from_json, rule_to_json
from evenfall.alerting.queries.inhibitions import inhibition


def switch_rule(*, rule_id: int, is_enabled: bool, now: datetime, actor: str) -> bool:
    """Let a rule decide, or no longer; False when it was so before.

    Raises RuleNotFound, CatchAllStays, and what `change_rule` raises for words that are wrong.
    """
    row = RoutingRule.objects.filter(id=rule_id).first()
    if row is None:
        raise RuleNotFound(rule_id=rule_id)
    known = rule_from_json(rule_to_json(row))
    if known.is_enabled == is_enabled:
        return False
    draft = RuleDraft(
        name=known.name, condition=known.condition, effects=known.effects, is_enabled=is_enabled
    )
    change_rule(rule_id=rule_id, draft=draft, now=now, actor=actor)
    return True


def switch_inhibition(*, inhibition_id: int, is_enabled: bool, now: datetime, actor: str) -> bool:
    """Let an inhibition rule hold alerts, or no longer; False when it was so before.

    Raises InhibitionNotFound.
    """
    known = inhibition(inhibition_id)
    if known.is_enabled == is_enabled:
        return False
    draft = InhibitionDraft(
        name=known.name,
        source=known.source,
        target=known.target,
        equal=known.equal,
        is_enabled=is_enabled,
    )
    change_inhibition(inhibition_id=inhibition_id, draft=draft, now=now, actor=actor)
    return True


def give_integration(
    *, integration_id: int, team_id: int | None, seen_team_id: int | None, now: datetime, actor: str
) -> bool:
    """Let an integration belong to a team (None: to nobody); False when it is another's by now.

    Locks the integration. Raises IntegrationNotFound.
    """
    with transaction.atomic():
        row = locked(integration_id)
        if row.team_id != seen_team_id or row.service_id is not None:
            return False
        draft = IntegrationDraft(
            name=row.name,
            kind=row.kind,
            team_id=team_id,
            environment=row.environment,
            mapping=row.mapping,
        )
        change_integration(integration_id=integration_id, draft=draft, now=now, actor=actor)
    return True
