"""The book of rules: all rules of both kinds as they are after each change."""

from datetime import datetime

from django.db import connection

from evenfall.alerting.models import InhibitionRow, RoutingRule, RuleBookVersion
from evenfall.alerting.queries.context import inhibition_to_json, rule_to_json


def lock_rules() -> None:
    """Wait until nobody else changes rules, and keep others waiting until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('evenfall.alerting'), hashtext('rules'))"
        )


def write_book(*, now: datetime, actor: str) -> RuleBookVersion:
    """Write down all rules; the pipeline takes them up with its next batch."""
    rules = RoutingRule.objects.order_by("is_catch_all", "position", "id")
    inhibitions = InhibitionRow.objects.filter(is_enabled=True).order_by("id")
    return RuleBookVersion.objects.create(
        created_at=now,
        created_by=actor,
        rules=[rule_to_json(row) for row in rules],
        inhibitions=[inhibition_to_json(row) for row in inhibitions],
    )
