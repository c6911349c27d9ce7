"""A policy that nobody saved yet."""

from msgspec import Struct

from evenfall.paging.logic.policy import PolicySpec


class PolicyChange(Struct, frozen=True, kw_only=True):
    """What a policy would say; `policy_id` None is a new one, which nothing uses yet.

    `service_ids` and `team_ids` would page by it as well.
    """

    spec: PolicySpec
    policy_id: int | None = None
    service_ids: frozenset[int] = frozenset()
    team_ids: frozenset[int] = frozenset()
