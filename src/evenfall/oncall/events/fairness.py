"""Facts of fairness: what counts as load, who works how much, plans made fair, relief offered."""

from datetime import datetime
from typing import Any, override

from evenfall.oncall.events.rotas import AboutRota
from evenfall.platform.events import Event


class LoadWeightsChanged(Event, frozen=True, kw_only=True):
    """A team counts other things as load, or other hours as night, from now on."""

    kind = "oncall.load_weights_changed"
    team_id: int
    before: dict[str, Any]
    after: dict[str, Any]

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"team:{self.team_id}", "oncall")


class WorkProfileChanged(Event, frozen=True, kw_only=True):
    """Somebody has other holidays, or works another part of full time."""

    kind = "oncall.work_profile_changed"
    user_id: int
    before: dict[str, Any]
    after: dict[str, Any]

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"user:{self.user_id}", "people")


class ProposalApplied(AboutRota, frozen=True, kw_only=True):
    """The planner's proposal became these overrides, each of which was also announced.

    `plan_starts_at` is that of the plan with a new order of the members, if there is one.
    """

    kind = "oncall.proposal_applied"
    proposal_id: int
    override_ids: tuple[int, ...]
    plan_starts_at: datetime | None = None


class ProposalUndone(AboutRota, frozen=True, kw_only=True):
    """Those overrides of a proposal that were not over have been cancelled."""

    kind = "oncall.proposal_undone"
    proposal_id: int


class ReliefOffered(AboutRota, frozen=True, kw_only=True):
    """The primary has too much; the lieutenant was asked. `reason` is "overload" or "rest"."""

    kind = "oncall.relief_offered"
    offer_id: int
    user_id: int
    lieutenant_id: int | None
    reason: str
    why: str

    @override
    def subjects(self) -> tuple[str, ...]:
        return (*AboutRota.subjects(self), f"user:{self.user_id}")
