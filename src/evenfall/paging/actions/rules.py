"""Writing personal rules."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db import transaction

from evenfall.paging import errors, events
from evenfall.paging.logic.rules import MAX_DELAY_MINUTES, MAX_RULES, PersonRule
from evenfall.paging.models import PersonalRule
from evenfall.paging.queries.rules import rules_of
from evenfall.platform.events import publish


def save_rules(*, user_id: int, rules: Sequence[PersonRule], now: datetime, actor: str) -> None:
    """Replace how this person wants to be reached; an urgency without a rule gets the defaults.

    Notices that are already planned stay as they are. Raises `RuleInvalid`.
    """
    _check(rules)
    with transaction.atomic():
        before = rules_of([user_id])[user_id]
        PersonalRule.objects.filter(user_id=user_id).delete()
        PersonalRule.objects.bulk_create(
            [
                PersonalRule(
                    user_id=user_id,
                    urgency=rule.urgency.value,
                    position=position,
                    kind=rule.kind,
                    delay_minutes=rule.delay_minutes,
                    hours=rule.hours.value,
                )
                for position, rule in enumerate(rules)
            ]
        )
        publish(
            events.PersonalRulesChanged(
                user_id=user_id,
                before={"rules": msgspec.to_builtins(before)},
                after={"rules": msgspec.to_builtins(tuple(rules))},
                at=now,
                actor=actor,
            )
        )


def reset_rules(*, user_id: int, now: datetime, actor: str) -> None:
    """Go back to the defaults."""
    save_rules(user_id=user_id, rules=(), now=now, actor=actor)


def _check(rules: Sequence[PersonRule]) -> None:
    if len(rules) > MAX_RULES:
        raise errors.RuleInvalid(reason=f"Use at most {MAX_RULES} rules.")
    for position, rule in enumerate(rules):
        if not 0 <= rule.delay_minutes <= MAX_DELAY_MINUTES:
            raise errors.RuleInvalid(
                field=f"rules.{position}.delay_minutes",
                reason=f"Choose 0 to {MAX_DELAY_MINUTES} minutes.",
            )
