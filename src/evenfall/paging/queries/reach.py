"""Whether the rules of people on call reach them within the first step of their policy."""

from collections.abc import Collection
from datetime import timedelta

from evenfall.catalog import queries as catalog_queries
from evenfall.notifications import queries as notifications_queries
from evenfall.oncall.ports import DutyOf, ReachFlaw, Role
from evenfall.paging.logic.policy import StepSpec
from evenfall.paging.logic.reach import reach_flaw
from evenfall.paging.logic.words import TargetKind
from evenfall.paging.queries.policies import PolicyView, policies
from evenfall.paging.queries.rules import rules_of

TARGETS = {Role.PRIMARY.value: TargetKind.ROTA, Role.LIEUTENANT.value: TargetKind.LIEUTENANT}


def reach_flaws(duties: Collection[DutyOf]) -> dict[DutyOf, ReachFlaw]:
    """The flaw of each duty whose person would not be reached in time; six queries.

    A device that did not answer its silent check is not counted on.
    """
    user_ids = {duty.user_id for duty in duties}
    kinds = notifications_queries.reachable_kinds(user_ids)
    rules = rules_of(user_ids, kinds=kinds)
    doubtful = notifications_queries.doubtful_kinds(user_ids)
    in_use = policies()
    owners = _owners(in_use)
    found = {
        duty: reach_flaw(
            rules[duty.user_id],
            kinds=kinds[duty.user_id] - doubtful[duty.user_id],
            moves_on_after=_first_wait(duty, in_use, owners),
        )
        for duty in duties
    }
    return {duty: flaw for duty, flaw in found.items() if flaw is not None}


def _owners(in_use: Collection[PolicyView]) -> dict[int, int]:
    """The team of each service that chose a policy; no query where none did."""
    named = {service_id for policy in in_use for service_id in policy.service_ids}
    return {service.id: service.team_id for service in catalog_queries.services(named).values()}


def _first_wait(
    duty: DutyOf, in_use: Collection[PolicyView], owners: dict[int, int]
) -> timedelta | None:
    """The shortest delay of a step that may page this duty; None where no policy does."""
    return min(
        (
            step.delay
            for policy in in_use
            for step in policy.spec.steps
            if _pages(step, duty, is_own=_is_of_team(policy, duty.team_id, owners))
        ),
        default=None,
    )


def _pages(step: StepSpec, duty: DutyOf, *, is_own: bool) -> bool:
    wanted = TARGETS.get(duty.role)
    return any(
        target.kind is wanted and (target.id == duty.rota_id or (target.id is None and is_own))
        for target in step.targets
    )


def _is_of_team(policy: PolicyView, team_id: int, owners: dict[int, int]) -> bool:
    return (
        policy.is_default
        or team_id in policy.team_ids
        or any(owners.get(service_id) == team_id for service_id in policy.service_ids)
    )
