"""Policies over the API."""

from datetime import time
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from evenfall.catalog import queries as catalog_queries
from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.paging import actions, errors, queries
from evenfall.paging.api.types import Id, Text
from evenfall.paging.logic.policy import ACK_TIMEOUT_MINUTES, PolicySpec, StepSpec, TargetSpec
from evenfall.paging.logic.window import WeeklyWindow
from evenfall.paging.logic.words import AtEnd, TargetKind
from evenfall.paging.queries import PolicyView
from evenfall.platform.clock import utc_now

router = Router(tags=["paging"])


class Target(Schema):
    """Whom to page; `id` of a rota, team or user. Without it: the team of the page."""

    kind: TargetKind
    id: Id | None = None


class Window(Schema):
    """Local time in `zone`; days count from 0, Monday; an end not after the start is next day."""

    zone: str = Field(max_length=64)
    days: list[int] = Field(min_length=1, max_length=7)
    start: time
    end: time


class Step(Schema):
    targets: list[Target] = Field(max_length=20)
    delay_minutes: int = 5
    severities: list[str] = Field(default_factory=list, max_length=4)
    window: Window | None = None


class PolicyIn(Schema):
    name: Text = Field(min_length=1, max_length=120)
    description: Text = Field(default="", max_length=2000)
    team_id: Id | None = None
    steps: list[Step] = Field(max_length=50)
    rounds: int = 3
    at_end: AtEnd = AtEnd.CATCH_ALL
    catch_all_user_id: Id | None = None
    ack_timeout_minutes: int = ACK_TIMEOUT_MINUTES


class PolicyUpdate(PolicyIn):
    seen_number: int | None = None
    """The version that was edited; 409 when somebody was faster."""


class PolicyOut(Schema):
    id: int
    name: str
    description: str
    team_id: int | None
    is_default: bool
    number: int
    steps: list[Step]
    rounds: int
    at_end: AtEnd
    catch_all_user_id: int | None
    ack_timeout_minutes: int
    service_ids: list[int]
    team_ids: list[int]


class PoliciesOut(Schema):
    items: list[PolicyOut]
    next: str | None


class PreviewPersonOut(Schema):
    user_id: int
    name: str
    why: str


class PolicyPreviewOut(Schema):
    minute: int
    round: int
    words: str
    people: list[PreviewPersonOut]
    missing: list[str]


class PreviewsOut(Schema):
    items: list[PolicyPreviewOut]


class AssignIn(Schema):
    """Exactly one of the two."""

    service_id: Id | None = None
    team_id: Id | None = None


@router.get("/policies", response=PoliciesOut, auth=api_auth(Permission.VIEW))
def list_policies(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """All policies, the default one first."""
    return {"items": [_out(policy) for policy in queries.policies()], "next": None}


@router.get("/policies/{int:policy_id}", response=PolicyOut, auth=api_auth(Permission.VIEW))
def get_policy(request: HttpRequest, policy_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """One policy with its newest version."""
    return _out(queries.policy(policy_id))


@router.post("/policies", response={201: PolicyOut}, auth=api_auth(Permission.MANAGE))
def create_policy(request: HttpRequest, body: PolicyIn) -> Status[dict[str, Any]]:
    """Create a policy."""
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE, team_id=body.team_id)
    policy_id = actions.create_policy(
        name=body.name,
        description=body.description,
        team_id=body.team_id,
        spec=spec_of(body),
        now=utc_now(),
        actor=viewer.actor,
    )
    return Status(201, _out(queries.policy(policy_id)))


@router.put("/policies/{int:policy_id}", response=PolicyOut, auth=api_auth(Permission.MANAGE))
def save_policy(request: HttpRequest, policy_id: int, body: PolicyUpdate) -> dict[str, Any]:
    """Save a new version; open pages keep the one they began with."""
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE, team_id=queries.policy(policy_id).team_id)
    viewer.check(Permission.MANAGE, team_id=body.team_id)
    actions.save_policy(
        policy_id=policy_id,
        name=body.name,
        description=body.description,
        team_id=body.team_id,
        spec=spec_of(body),
        seen_number=body.seen_number,
        now=utc_now(),
        actor=viewer.actor,
    )
    return _out(queries.policy(policy_id))


@router.delete("/policies/{int:policy_id}", response={204: None}, auth=api_auth(Permission.MANAGE))
def archive_policy(request: HttpRequest, policy_id: int) -> Status[None]:
    """Archive a policy that nothing uses."""
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE, team_id=queries.policy(policy_id).team_id)
    actions.archive_policy(policy_id=policy_id, now=utc_now(), actor=viewer.actor)
    return Status(204, None)


@router.get(
    "/policies/{int:policy_id}/preview", response=PreviewsOut, auth=api_auth(Permission.VIEW)
)
def preview_policy(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    policy_id: int,
    team_id: Id | None = None,
    severity: str | None = None,
) -> dict[str, Any]:
    """Who would be paged for a page of this team, minute by minute, by the live rotas."""
    spec = queries.policy(policy_id).spec
    lines = queries.preview_policy(spec, team_id=team_id, now=utc_now(), severity=severity)
    return {"items": lines}


@router.post(
    "/policies/{int:policy_id}/assignments",
    response={204: None},
    auth=api_auth(Permission.MANAGE),
)
def assign_policy(request: HttpRequest, policy_id: int, body: AssignIn) -> Status[None]:
    """Let a service or a team page by this policy."""
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE, team_id=_owner(body))
    actions.assign_policy(
        policy_id=policy_id,
        service_id=body.service_id,
        team_id=body.team_id,
        now=utc_now(),
        actor=viewer.actor,
    )
    return Status(204, None)


def _owner(body: AssignIn) -> int:
    """The team that must be managed. Raises `PolicyInvalid` unless exactly one id is given."""
    if (body.service_id is None) == (body.team_id is None):
        raise errors.PolicyInvalid(field="service_id", reason="Give a service or a team.")
    if body.team_id is not None:
        return body.team_id
    return catalog_queries.service(body.service_id or 0).team_id


def spec_of(body: PolicyIn) -> PolicySpec:
    return PolicySpec(
        steps=tuple(_step(step) for step in body.steps),
        rounds=body.rounds,
        at_end=body.at_end,
        catch_all_user_id=body.catch_all_user_id,
        ack_timeout_minutes=body.ack_timeout_minutes,
    )


def _step(step: Step) -> StepSpec:
    window = step.window
    return StepSpec(
        targets=tuple(TargetSpec(kind=target.kind, id=target.id) for target in step.targets),
        delay_minutes=step.delay_minutes,
        severities=frozenset(step.severities),
        window=None
        if window is None
        else WeeklyWindow(
            zone=window.zone, days=frozenset(window.days), start=window.start, end=window.end
        ),
    )


def _out(policy: PolicyView) -> dict[str, Any]:
    spec = policy.spec
    return {
        "id": policy.id,
        "name": policy.name,
        "description": policy.description,
        "team_id": policy.team_id,
        "is_default": policy.is_default,
        "number": policy.number,
        "steps": [_step_out(step) for step in spec.steps],
        "rounds": spec.rounds,
        "at_end": spec.at_end,
        "catch_all_user_id": spec.catch_all_user_id,
        "ack_timeout_minutes": spec.ack_timeout_minutes,
        "service_ids": list(policy.service_ids),
        "team_ids": list(policy.team_ids),
    }


def _step_out(step: StepSpec) -> dict[str, Any]:
    window = step.window
    return {
        "targets": [{"kind": target.kind, "id": target.id} for target in step.targets],
        "delay_minutes": step.delay_minutes,
        "severities": sorted(step.severities),
        "window": None
        if window is None
        else {
            "zone": window.zone,
            "days": sorted(window.days),
            "start": window.start,
            "end": window.end,
        },
    }
