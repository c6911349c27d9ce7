"""The book of rules: all rules of both kinds as they are after each change."""

from datetime import datetime
from typing import Final

from django.db import connection

from evenfall.alerting.logic.rule_changes import changes, said
from evenfall.alerting.models import InhibitionRow, RoutingRule, RuleBookVersion
from evenfall.alerting.queries.context import inhibition_to_json, rule_to_json

LONGEST_NOTE: Final = 500


def lock_rules() -> None:
    """Wait until nobody else changes rules, and keep others waiting until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('evenfall.alerting'), hashtext('rules'))"
        )


def write_book(*, now: datetime, actor: str, note: str = "", what: str = "") -> RuleBookVersion:
    """Write down all rules as a new version; the pipeline takes them up with its next batch.

    The version says itself what differs from the one before; `what` comes in front of that.
    """
    rules = [
        rule_to_json(row) for row in RoutingRule.objects.order_by("is_catch_all", "position", "id")
    ]
    inhibitions = [
        inhibition_to_json(row)
        for row in InhibitionRow.objects.filter(is_enabled=True).order_by("id")
    ]
    before = RuleBookVersion.objects.order_by("-id").values_list("rules", "inhibitions").first()
    differs = ""
    if before is not None:
        parts = (said(changes(before[0], rules)), said(changes(before[1], inhibitions)))
        differs = ". ".join(part for part in parts if part)
    return RuleBookVersion.objects.create(
        created_at=now,
        created_by=actor,
        what=". ".join(part for part in (what, differs) if part),
        note=note.strip()[:LONGEST_NOTE],
        rules=rules,
        inhibitions=inhibitions,
    )
