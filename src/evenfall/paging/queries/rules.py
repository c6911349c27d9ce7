"""Named reads of personal rules."""

from collections.abc import Collection, Mapping

from evenfall.notifications import queries as notifications_queries
from evenfall.paging.logic.rules import PersonRule, default_rules
from evenfall.paging.logic.window import OpenHours
from evenfall.paging.logic.words import Hours, Urgency
from evenfall.paging.models import PersonalHours, PersonalRule


def rules_of(
    user_ids: Collection[int], *, kinds: Mapping[int, Collection[str]] | None = None
) -> dict[int, tuple[PersonRule, ...]]:
    """The rules of each person; for an urgency without any, the defaults.

    `kinds` are the channels over which each can be reached, for who has read them already: the
    defaults depend on them.
    """
    known = notifications_queries.reachable_kinds(user_ids) if kinds is None else kinds
    own: dict[int, list[PersonRule]] = {}
    rows = PersonalRule.objects.filter(user_id__in=list(user_ids))
    for row in rows.order_by("user_id", "urgency", "position"):
        own.setdefault(row.user_id, []).append(
            PersonRule(
                urgency=Urgency(row.urgency),
                kind=row.kind,
                delay_minutes=row.delay_minutes,
                hours=Hours(row.hours),
                team_id=row.team_id,
            )
        )
    return {
        user_id: with_defaults(own.get(user_id, []), known.get(user_id, ())) for user_id in user_ids
    }


def hours_of(user_ids: Collection[int]) -> dict[int, OpenHours]:
    """When each person may be disturbed with what is not urgent; no query for nobody."""
    if not user_ids:
        return {}
    own = {
        row.user_id: OpenHours(days=frozenset(row.days), start=row.start, end=row.end)
        for row in PersonalHours.objects.filter(user_id__in=list(user_ids))
    }
    return {user_id: own.get(user_id, OpenHours()) for user_id in user_ids}


def has_own_rules(user_id: int) -> bool:
    return PersonalRule.objects.filter(user_id=user_id).exists()


def with_defaults(rules: Collection[PersonRule], kinds: Collection[str]) -> tuple[PersonRule, ...]:
    """These rules, and the defaults for each urgency that they say nothing about."""
    own = {rule.urgency for rule in rules if rule.team_id is None}
    return (*rules, *(rule for rule in default_rules(kinds) if rule.urgency not in own))
