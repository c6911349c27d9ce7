"""Loads of a team, what counts as load, and how much people work."""

from typing import Any

from django.http import HttpRequest
from msgspec.structs import asdict
from ninja import Router, Status

from evenfall.identity import queries as identity_queries
from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.oncall import actions, errors, queries
from evenfall.oncall.api import fairness_schemas as schemas
from evenfall.oncall.logic.loads import Weights
from evenfall.platform.clock import utc_now

router = Router()


@router.get(
    "/teams/{int:team_id}/fairness",
    response=schemas.FairnessOut,
    auth=api_auth(Permission.RESPOND),
)
def get_fairness(request: HttpRequest, team_id: int, weeks: int = 12) -> queries.TeamFairness:
    """What everybody of the team carried in the last 4, 12 or 52 weeks, and how even it is."""
    _check(request, Permission.RESPOND, team_id)
    return queries.team_fairness(team_id, weeks=weeks, now=utc_now())


@router.get(
    "/teams/{int:team_id}/load-weights",
    response=schemas.WeightsOut,
    auth=api_auth(Permission.RESPOND),
)
def get_load_weights(request: HttpRequest, team_id: int) -> queries.WeightsView:
    """What the team counts as load, and when its nights are."""
    _check(request, Permission.RESPOND, team_id)
    return queries.load_weights(team_id)


@router.put(
    "/teams/{int:team_id}/load-weights",
    response=schemas.WeightsOut,
    auth=api_auth(Permission.MANAGE),
)
def change_load_weights(
    request: HttpRequest, team_id: int, body: schemas.Weights
) -> queries.WeightsView:
    """Count by these weights from now on."""
    _check(request, Permission.MANAGE, team_id)
    actions.change_load_weights(
        team_id=team_id,
        weights=Weights(**body.dict()),
        now=utc_now(),
        actor=viewer_of(request).actor,
    )
    return queries.load_weights(team_id)


@router.get(
    "/teams/{int:team_id}/work-profiles/{int:user_id}",
    response=schemas.WorkProfileOut,
    auth=api_auth(Permission.RESPOND),
)
def get_work_profile(request: HttpRequest, team_id: int, user_id: int) -> queries.WorkProfileView:
    """Where somebody of the team has holidays and how much they work."""
    _check(request, Permission.RESPOND, team_id)
    _check_member(team_id, user_id)
    return queries.work_profiles([user_id])[user_id]


@router.put(
    "/teams/{int:team_id}/work-profiles/{int:user_id}",
    response=schemas.WorkProfileOut,
    auth=api_auth(Permission.RESPOND),
)
def change_work_profile(
    request: HttpRequest, team_id: int, user_id: int, body: schemas.WorkProfileIn
) -> queries.WorkProfileView:
    """Change one's own, or, as a manager, that of somebody in the team."""
    viewer = viewer_of(request)
    _check(request, Permission.RESPOND, team_id)
    _check_member(team_id, user_id)
    if viewer.user_id != user_id:
        viewer.check(Permission.MANAGE, team_id=team_id)
    actions.change_work_profile(user_id=user_id, **body.dict(), now=utc_now(), actor=viewer.actor)
    return queries.work_profiles([user_id])[user_id]


@router.post(
    "/rotas/{int:rota_id}/plan-proposals",
    response=schemas.ProposalOut,
    auth=api_auth(Permission.RESPOND),
)
def propose(request: HttpRequest, rota_id: int, body: schemas.ProposalIn) -> queries.PlanProposal:
    """Who should take the coming shifts; nothing is saved."""
    _check(request, Permission.RESPOND, queries.rota(rota_id).team_id)
    return queries.plan_proposal(rota_id, **body.dict(), now=utc_now())


@router.post(
    "/rotas/{int:rota_id}/plan-proposals/apply",
    response={201: schemas.AppliedOut},
    auth=api_auth(Permission.MANAGE),
)
def apply_proposal(
    request: HttpRequest, rota_id: int, body: schemas.ApplyIn
) -> Status[dict[str, Any]]:
    """Make the proposal with this fingerprint real, all of it or nothing."""
    _check(request, Permission.MANAGE, queries.rota(rota_id).team_id)
    proposal_id = actions.apply_proposal(
        rota_id=rota_id, **body.dict(), now=utc_now(), actor=viewer_of(request).actor
    )
    found = queries.applied_proposals(rota_id, limit=1)[0]
    return Status(201, {**asdict(found), "id": proposal_id})


@router.delete(
    "/rotas/{int:rota_id}/plan-proposals/{int:proposal_id}",
    response={204: None},
    auth=api_auth(Permission.MANAGE),
)
def undo_proposal(request: HttpRequest, rota_id: int, proposal_id: int) -> Status[None]:
    """Take an applied proposal back; shifts that are over stay as they were."""
    _check(request, Permission.MANAGE, queries.rota(rota_id).team_id)
    actions.undo_proposal(
        rota_id=rota_id,
        proposal_id=proposal_id,
        now=utc_now(),
        actor=viewer_of(request).actor,
    )
    return Status(204, None)


def _check(request: HttpRequest, permission: Permission, team_id: int) -> None:
    """The permission in the team, which must exist."""
    viewer_of(request).check(permission, team_id=team_id)
    identity_queries.team(team_id)


def _check_member(team_id: int, user_id: int) -> None:
    if team_id not in identity_queries.team_ids_of(user_id):
        raise errors.PersonNotInTeam
