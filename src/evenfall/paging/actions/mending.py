"""Small mends of what finds nobody: a person more in a policy, personal rules that ring at once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.db import transaction

from evenfall.notifications import queries as notifications_queries
from evenfall.paging import errors
from evenfall.paging.actions.policies import save_policy
from evenfall.paging.actions.rules import save_rules
from evenfall.paging.logic.mending import ringing_at_once, with_person
from evenfall.paging.logic.rules import PersonRule
from evenfall.paging.models import PersonalRule, Policy
from evenfall.paging.queries.policies import policy, versions
from evenfall.paging.queries.rules import rules_of


def add_person_to_policy(
    *, policy_id: int, user_id: int, step: int | None, now: datetime, actor: str
) -> int:
    """Page this person too in a step (from 1), or in a new last one (None); the new version.

    Locks the policy. Raises PolicyNotFound, PolicyInvalid (also where the step is gone).
    """
    with transaction.atomic():
        Policy.objects.select_for_update().filter(id=policy_id).first()
        known = policy(policy_id)
        if step is not None and step > len(known.spec.steps):
            raise errors.PolicyInvalid(field="steps", reason=f"There is no step {step} any more.")
        return save_policy(
            policy_id=policy_id,
            name=known.name,
            description=known.description,
            team_id=known.team_id,
            spec=with_person(known.spec, user_id=user_id, step=step),
            now=now,
            actor=actor,
        )


def take_back_version(*, policy_id: int, number: int, now: datetime, actor: str) -> bool:
    """Make the version before this one the newest again; False when it is not the newest any more.

    Locks the policy. Raises PolicyNotFound, and PolicyInvalid where what it names is gone.
    """
    with transaction.atomic():
        Policy.objects.select_for_update().filter(id=policy_id).first()
        known = policy(policy_id)
        before = next((one for one in versions(policy_id) if one.number == number - 1), None)
        if known.number != number or before is None:
            return False
        save_policy(
            policy_id=policy_id,
            name=known.name,
            description=known.description,
            team_id=known.team_id,
            spec=before.spec,
            now=now,
            actor=actor,
        )
    return True


def ring_at_once(*, user_id: int, now: datetime, actor: str) -> dict[str, Any]:
    """Let everything that works ring at once for what is urgent; what `take_back_rules` needs.

    The person's other rules stay behind that. Raises RuleInvalid, also where nothing works.
    """
    with transaction.atomic():
        before = own_rules(user_id)
        kinds = notifications_queries.reachable_kinds([user_id])[user_id]
        kinds -= {notifications_queries.INBOX}
        after = ringing_at_once(before, kinds=kinds)
        if not kinds:
            raise errors.RuleInvalid(reason="No contact method is verified and works. Add one.")
        save_rules(user_id=user_id, rules=after, now=now, actor=actor)
    return {"before": msgspec.to_builtins(before), "after": msgspec.to_builtins(after)}


def take_back_rules(
    *, user_id: int, before: Sequence[Any], after: Sequence[Any], now: datetime, actor: str
) -> bool:
    """Put the rules back as they were; False when somebody changed them since."""
    with transaction.atomic():
        if own_rules(user_id) != _rules(after):
            return False
        save_rules(user_id=user_id, rules=_rules(before), now=now, actor=actor)
    return True


def own_rules(user_id: int) -> tuple[PersonRule, ...]:
    """The rules a person made; an urgency for which the defaults count has none."""
    rows = PersonalRule.objects.filter(user_id=user_id)
    made = set(rows.values_list("urgency", flat=True).distinct())
    return tuple(rule for rule in rules_of([user_id])[user_id] if rule.urgency.value in made)


def _rules(stored: Sequence[Any]) -> tuple[PersonRule, ...]:
    return msgspec.convert(list(stored), tuple[PersonRule, ...])
