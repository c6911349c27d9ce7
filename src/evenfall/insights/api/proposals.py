"""Proposals over the API: what would spare pages, apply, undo, dismiss."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import AwareDatetime, Field

from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.insights import actions, queries
from evenfall.insights.logic.effects import Verdict
from evenfall.insights.logic.proposals import Kind, State
from evenfall.insights.queries import ProposalView
from evenfall.platform.clock import utc_now

router = Router()
_ONE = "/insights/proposals/{int:noise_id}"


class NoiseEffectOut(Schema):
    """Pages (of the kind *end*: alerts that stayed) four weeks before and since.

    `chance` is how likely so great a difference is if nothing had changed.
    """

    verdict: Verdict
    before: int
    after: int
    before_a_week: float
    after_a_week: float
    chance: float


class NoiseEvidenceOut(Schema):
    """`spared` of `pages` would not have come, `nights` of them at night. `acted` of the spared
    somebody acted on; `critical` of those were critical. `counts` are figures of a kind: pages that
    come `later`; how often one service `followed` another, of how many `times`, and the `lift` over
    chance; how often two names came `together`; `alerts` that would have `ended`, and the `hours`
    open less. All are counted from what was recorded; a replay decides all alerts again.
    """

    why: str
    days: int
    pages: int
    spared: int
    nights: int
    acted: int
    critical: int
    counts: dict[str, float] = Field(default_factory=dict)


class NoiseProposalOut(Schema):
    id: int
    kind: Kind
    state: State
    name: str
    problem: str
    service: str | None
    change: dict[str, Any]
    evidence: NoiseEvidenceOut
    found_at: datetime
    state_at: datetime
    reason: str
    until: datetime | None
    applied_at: datetime | None
    made: dict[str, Any]
    effect: NoiseEffectOut | None


class NoiseProposalsOut(Schema):
    items: list[NoiseProposalOut]


class NoiseApplyIn(Schema):
    """`knows_risk` is needed where critical pages that somebody acted on would be hidden."""

    knows_risk: bool = False


class NoiseDismissIn(Schema):
    reason: str = Field(min_length=1, max_length=500)
    until: AwareDatetime


@router.get("/insights/proposals", response=NoiseProposalsOut, auth=api_auth(Permission.VIEW))
def list_proposals(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    state: State = State.OPEN,
) -> dict[str, Any]:
    """Those that would spare most pages first."""
    return {"items": [_out(view) for view in queries.proposals(state, now=utc_now())]}


@router.get(_ONE, response=NoiseProposalOut, auth=api_auth(Permission.VIEW))
def get_proposal(request: HttpRequest, noise_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    return _out(queries.proposal(noise_id, now=utc_now()))


@router.post(f"{_ONE}/apply", response=NoiseProposalOut, auth=api_auth(Permission.RESPOND))
def apply_proposal(
    request: HttpRequest, noise_id: int, body: NoiseApplyIn | None = None
) -> dict[str, Any]:
    """Make the change; needs what making it by hand needs."""
    viewer, now = _checked(request, noise_id)
    actions.apply_proposal(
        proposal_id=noise_id,
        knows_risk=body is not None and body.knows_risk,
        by_name=viewer.name,
        now=now,
        actor=viewer.actor,
    )
    return _out(queries.proposal(noise_id, now=now))


@router.post(f"{_ONE}/undo", response=NoiseProposalOut, auth=api_auth(Permission.RESPOND))
def undo_proposal(request: HttpRequest, noise_id: int) -> dict[str, Any]:
    """Take away what was made."""
    viewer, now = _checked(request, noise_id)
    actions.undo_proposal(proposal_id=noise_id, now=now, actor=viewer.actor)
    return _out(queries.proposal(noise_id, now=now))


@router.post(f"{_ONE}/dismiss", response=NoiseProposalOut, auth=api_auth(Permission.RESPOND))
def dismiss_proposal(request: HttpRequest, noise_id: int, body: NoiseDismissIn) -> dict[str, Any]:
    viewer, now = _checked(request, noise_id)
    actions.dismiss_proposal(
        proposal_id=noise_id,
        reason=body.reason,
        until=body.until,
        now=now,
        actor=viewer.actor,
    )
    return _out(queries.proposal(noise_id, now=now))


@router.post(f"{_ONE}/reopen", response=NoiseProposalOut, auth=api_auth(Permission.RESPOND))
def reopen_proposal(request: HttpRequest, noise_id: int) -> dict[str, Any]:
    """Take back that it was dismissed."""
    viewer, now = _checked(request, noise_id)
    actions.reopen_proposal(proposal_id=noise_id, now=now, actor=viewer.actor)
    return _out(queries.proposal(noise_id, now=now))


def _checked(request: HttpRequest, noise_id: int) -> tuple[Viewer, datetime]:
    viewer, now = viewer_of(request), utc_now()
    queries.check_may_decide(viewer, queries.proposal(noise_id, now=now))
    return viewer, now


def _out(view: ProposalView) -> dict[str, Any]:
    return {
        "id": view.id,
        "kind": view.kind,
        "state": view.state,
        "name": view.name,
        "problem": view.problem,
        "service": view.service.slug if view.service else None,
        "change": dict(view.change),
        "evidence": dict(view.evidence),
        "found_at": view.found_at,
        "state_at": view.state_at,
        "reason": view.reason,
        "until": view.until,
        "applied_at": view.applied_at,
        "made": dict(view.made),
        "effect": view.effect,
    }
