"""A policy as the API takes it, as a change nobody saved yet."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from evenfall.paging import actions, queries
from evenfall.paging.api.policies import PolicyIn, spec_of
from evenfall.paging.api.types import Id
from evenfall.paging.errors import PolicyInvalid
from evenfall.paging.ports import PolicyChange


class AssignedPolicyIn(PolicyIn):
    """With the services and teams that would page by it as well."""

    name: str = Field(default="What if", max_length=120)
    service_ids: list[Id] = Field(default_factory=list, max_length=500)
    team_ids: list[Id] = Field(default_factory=list, max_length=500)


def policy_change(policy_id: int | None, body: Mapping[str, Any] | None) -> PolicyChange:
    """Raises PolicyNotFound, PolicyInvalid, and what pydantic refuses."""
    if policy_id is not None:
        queries.policy(policy_id)
    if body is None:
        raise PolicyInvalid(field="body", reason="Say what the policy would be.")
    given = AssignedPolicyIn.model_validate(body)
    spec = spec_of(given)
    actions.check_policy(spec, None)
    return PolicyChange(
        spec=spec,
        policy_id=policy_id,
        service_ids=frozenset(given.service_ids),
        team_ids=frozenset(given.team_ids),
    )
