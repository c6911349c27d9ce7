"""Writing personal rules."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db import transaction

from evenfall.identity import queries as identity_queries
from evenfall.paging import errors, events
from evenfall.paging.logic.rules import MAX_DELAY_MINUTES, MAX_RULES, PersonRule
from evenfall.paging.logic.window import OpenHours
from evenfall.paging.models import PersonalHours, PersonalRule
from evenfall.paging.queries.rules import hours_of, rules_of
from evenfall.platform.events import publish


def save_rules(*, user_id: int, rules: Sequence[PersonRule], now: datetime, actor: str) -> None:
    """Replace how this person wants to be reached; an urgency without a rule gets the defaults.

    Notices that are already planned stay as they are. Raises `RuleInvalid`.
    """
    _check(rules)
    _check_teams(rules)
    with transaction.atomic():
        before = rules_of([user_id])[user_id]
        PersonalRule.objects.filter(user_id=user_id).delete()
        PersonalRule.objects.bulk_create(
            [
                PersonalRule(
                    user_id=user_id,
                    urgency=rule.urgency.value,
                    team_id=rule.team_id,
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


def save_hours(*, user_id: int, hours: OpenHours, now: datetime, actor: str) -> None:
    """Change when this person may be disturbed with what is not urgent. Raises `HoursInvalid`.

    Notices that are already planned stay as they are.
    """
    if not hours.days or not hours.days <= frozenset(range(7)):
        raise errors.HoursInvalid(reason="Choose at least one day of the week.", field="days")
    if hours.start == hours.end:
        raise errors.HoursInvalid(reason="Let the hours end later than they start.", field="end")
    with transaction.atomic():
        before = hours_of([user_id])[user_id]
        PersonalHours.objects.update_or_create(
            user_id=user_id,
            defaults={"days": sorted(hours.days), "start": hours.start, "end": hours.end},
        )
        publish(
            events.PersonalRulesChanged(
                user_id=user_id,
                before={"hours": before.words()},
                after={"hours": hours.words()},
                at=now,
                actor=actor,
            )
        )


def _check_teams(rules: Sequence[PersonRule]) -> None:
    wanted = {rule.team_id for rule in rules if rule.team_id is not None}
    known = {team.id for team in identity_queries.teams(wanted)} if wanted else set()
    for position, rule in enumerate(rules):
        if rule.team_id is not None and rule.team_id not in known:
            raise errors.RuleInvalid(
                field=f"rules.{position}.team_id", reason="Choose a team that exists."
            )


def _check(rules: Sequence[PersonRule]) -> None:
    if len(rules) > MAX_RULES:
        raise errors.RuleInvalid(reason=f"Use at most {MAX_RULES} rules.")
    for position, rule in enumerate(rules):
        if not 0 <= rule.delay_minutes <= MAX_DELAY_MINUTES:
            raise errors.RuleInvalid(
                field=f"rules.{position}.delay_minutes",
                reason=f"Choose 0 to {MAX_DELAY_MINUTES} minutes.",
            )
