"""Rollouts over the API: start, watch, lead, take back; and where services run."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query, Schema, Status
from pydantic import Field

from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.ports import Environment
from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.rollouts import actions, queries
from evenfall.rollouts.actions import TargetWish
from evenfall.rollouts.api.routing import router
from evenfall.rollouts.contexts import led_by, managed_target, show_of
from evenfall.rollouts.logic.states import State
from evenfall.rollouts.queries import RolloutView, TargetView

_VIEW = api_auth(Permission.VIEW)
_RESPOND = api_auth(Permission.RESPOND)
_MANAGE = api_auth(Permission.MANAGE)
_ALL = "/rollouts"
_ONE = f"{_ALL}/{{int:rollout_id}}"
_TARGETS = "/rollout-targets"
_TARGET = f"{_TARGETS}/{{int:target_id}}"


class RolloutServiceOut(Schema):
    id: int
    slug: str
    name: str


class RolloutTargetOut(Schema):
    """Where a service runs. `has_secrets` names the secrets that stand; they never come out."""

    id: int
    service: RolloutServiceOut
    environment: Environment
    traffic_kind: str
    traffic: dict[str, str]
    deploy_kind: str
    deploy: dict[str, str]
    has_secrets: list[str]
    plan: dict[str, Any]
    stable_side: Literal["blue", "green"]
    blue_version: str
    green_version: str
    version: int

    @staticmethod
    def resolve_has_secrets(view: TargetView) -> list[str]:
        return sorted(view.secret_names)

    @staticmethod
    def resolve_plan(view: TargetView) -> dict[str, Any]:
        return dict(view.said_plan)


class RolloutTargetsOut(Schema):
    items: list[RolloutTargetOut]


class RolloutTargetIn(Schema):
    """Secrets that are left empty stay, as long as nothing else of their kind changes."""

    environment: Environment = Environment.PROD
    traffic_kind: str = Field(max_length=40)
    """haproxy, kubernetes, nginx or webhook."""
    traffic: dict[str, str] = Field(default_factory=dict)
    deploy_kind: str = Field("none", max_length=40)
    """none (a pipeline did it), command, kubernetes or webhook."""
    deploy: dict[str, str] = Field(default_factory=dict)
    plan: dict[str, Any]
    stable_side: Literal["blue", "green"] = "blue"
    blue_version: str = Field("", max_length=120)
    green_version: str = Field("", max_length=120)

    def wish(self) -> TargetWish:
        return TargetWish(
            environment=self.environment.value,
            traffic_kind=self.traffic_kind,
            traffic=self.traffic,
            deploy_kind=self.deploy_kind,
            deploy=self.deploy,
            plan=self.plan,
            stable_side=self.stable_side,
            blue_version=self.blue_version,
            green_version=self.green_version,
        )


class NewRolloutTargetIn(RolloutTargetIn):
    service: str = Field(max_length=80)
    """The slug of the service."""


class ChangedRolloutTargetIn(RolloutTargetIn):
    version: int
    """The one that was read: somebody else's change is not overwritten."""


class RolloutStepOut(Schema):
    """`state` is done, now or planned."""

    number: int
    words: str
    state: str


class RolloutOut(Schema):
    """`weight` is what the new side shall get, per cent, and `beside` what the baseline shall;
    `is_seen`: the traffic port shows it. `is_return`: it brings back what was proven before.

    `asks`: it waits for a person, or for data; `reason` says what for. `verdict` is pass, no_data,
    inconclusive, fail or "".
    """

    id: int
    service: RolloutServiceOut
    environment: Environment
    version: str
    stable_version: str
    side: str
    state: State
    step: int
    steps: list[RolloutStepOut]
    weight: int
    beside: int
    routes: dict[str, str]
    is_seen: bool
    asks: bool
    held: str
    why: str
    reason: str
    verdict: str
    trouble: str
    is_irreversible: bool
    is_return: bool
    passage_id: int | None
    incident_number: int | None
    started_by: str
    started_at: datetime
    decided_at: datetime | None
    promoted_at: datetime | None
    watched_until: datetime | None
    ended_at: datetime | None

    @staticmethod
    def resolve_service(view: RolloutView) -> Any:  # noqa: ANN401 - ninja reads its attributes
        return view.target.service

    @staticmethod
    def resolve_environment(view: RolloutView) -> str:
        return view.target.environment


class RolloutsOut(Schema):
    items: list[RolloutOut]
    next: str | None


class RolloutsQuery(Schema):
    show: Literal["all", "live", "failed"] = "all"
    service: str = Field("", max_length=80)
    cursor: str | None = Field(None, max_length=500)


class NewRolloutIn(Schema):
    """`plan`: another one than the target's. `passage_id`: the passage of a release that it brings
    on; without one, that which waits for this version in this environment, if there is one.

    `ends_watch`: a version that is watched still is called proven now, and its old side is where
    this one goes; without it that is refused.
    """

    service: str = Field(max_length=80)
    environment: Environment = Environment.PROD
    version: str = Field(max_length=120)
    plan: dict[str, Any] | None = None
    is_irreversible: bool = False
    ends_watch: bool = False
    passage_id: int | None = Field(None, ge=1, le=2**62)


class RolloutReasonIn(Schema):
    reason: str = Field("", max_length=500)


class RolloutReturnIn(RolloutReasonIn):
    service: str = Field(max_length=80)
    environment: Environment = Environment.PROD


@router.get(_TARGETS, response=RolloutTargetsOut, auth=_VIEW)
def list_rollout_targets(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
) -> dict[str, Any]:
    """Where services run, by service."""
    return {"items": queries.targets()}


@router.post(_TARGETS, response={201: RolloutTargetOut}, auth=_MANAGE)
def add_rollout_target(request: HttpRequest, body: NewRolloutTargetIn) -> Status[TargetView]:
    """Say where a service runs, and how traffic is led there."""
    viewer, service = viewer_of(request), catalog_queries.service_by_slug(body.service)
    viewer.check(Permission.MANAGE, team_id=service.team_id)
    number = actions.add_target(
        service_id=service.id, wish=body.wish(), now=utc_now(), actor=viewer.actor
    )
    return Status(201, queries.target(number))


@router.get(_TARGET, response=RolloutTargetOut, auth=_VIEW)
def get_rollout_target(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    target_id: int,
) -> TargetView:
    return queries.target(target_id)


@router.put(_TARGET, response=RolloutTargetOut, auth=_MANAGE)
def change_rollout_target(
    request: HttpRequest, target_id: int, body: ChangedRolloutTargetIn
) -> TargetView:
    """Say something else about it; not while a rollout is under way there."""
    viewer, _ = managed_target(request, target_id)
    actions.change_target(
        target_id=target_id,
        version=body.version,
        wish=body.wish(),
        now=utc_now(),
        actor=viewer.actor,
    )
    return queries.target(target_id)


@router.delete(_TARGET, response={204: None}, auth=_MANAGE)
def remove_rollout_target(request: HttpRequest, target_id: int) -> Status[None]:
    """Lead its traffic no more; its rollouts stay to be read."""
    viewer, _ = managed_target(request, target_id)
    actions.remove_target(target_id=target_id, now=utc_now(), actor=viewer.actor)
    return Status(204, None)


@router.get(_ALL, response=RolloutsOut, auth=_VIEW)
def list_rollouts(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    query: Query[RolloutsQuery],
) -> dict[str, Any]:
    """Rollouts, newest first."""
    service = catalog_queries.service_by_slug(query.service) if query.service else None
    page = queries.rollouts_page(
        show_of({"show": query.show}),
        service_id=service.id if service else None,
        cursor=query.cursor,
    )
    return {"items": page.items, "next": page.next_cursor}


@router.post(_ALL, response={201: RolloutOut}, auth=_RESPOND)
def start_rollout(request: HttpRequest, body: NewRolloutIn) -> Status[RolloutView]:
    """Bring a version to all traffic, by the steps of the plan."""
    viewer, service = viewer_of(request), catalog_queries.service_by_slug(body.service)
    viewer.check(Permission.RESPOND, team_id=service.team_id)
    target = queries.target_of(service.id, body.environment.value)
    number = actions.start_rollout(
        target_id=target.id,
        version=body.version,
        plan=body.plan,
        is_irreversible=body.is_irreversible,
        ends_watch=body.ends_watch,
        passage_id=body.passage_id,
        now=utc_now(),
        actor=viewer.actor,
    )
    return Status(201, queries.rollout(number))


@router.post(f"{_ALL}/rollback", response=RolloutOut, auth=_RESPOND)
def roll_back_service(request: HttpRequest, body: RolloutReturnIn) -> RolloutView:
    """Whatever is under way at this service: all traffic back to the stable side, at once.

    Where nothing is, the version before the one that runs comes back, by a rollout of its own.
    """
    viewer, service = viewer_of(request), catalog_queries.service_by_slug(body.service)
    viewer.check(Permission.RESPOND, team_id=service.team_id)
    number = actions.roll_back_service(
        service_id=service.id,
        environment=body.environment.value,
        reason=body.reason,
        now=utc_now(),
        actor=viewer.actor,
    )
    return queries.rollout(number)


@router.get(_ONE, response=RolloutOut, auth=_VIEW)
def get_rollout(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    rollout_id: int,
) -> RolloutView:
    """How it stands."""
    return queries.rollout(rollout_id)


@router.post(f"{_ONE}/rollback", response=RolloutOut, auth=_RESPOND)
def roll_back_rollout(request: HttpRequest, rollout_id: int, body: RolloutReasonIn) -> RolloutView:
    """All traffic back to the stable side, at once. It wins over everything else.

    Of a rollout that was proven and that runs still, the version before comes back; the answer is
    the rollout that brings it.
    """
    return _led(request, rollout_id, body.reason, actions.roll_back)


@router.post(f"{_ONE}/promote", response=RolloutOut, auth=_RESPOND)
def promote_rollout(request: HttpRequest, rollout_id: int, body: RolloutReasonIn) -> RolloutView:
    """Skip what is left; in a watch: call it proven now."""
    return _led(request, rollout_id, body.reason, actions.promote)


@router.post(f"{_ONE}/hold", response=RolloutOut, auth=_RESPOND)
def hold_rollout(request: HttpRequest, rollout_id: int, body: RolloutReasonIn) -> RolloutView:
    """Go no step further until somebody says so; a failure still leads back."""
    return _led(request, rollout_id, body.reason, actions.hold)


@router.post(f"{_ONE}/resume", response=RolloutOut, auth=_RESPOND)
def resume_rollout(request: HttpRequest, rollout_id: int, body: RolloutReasonIn) -> RolloutView:
    """End a hold, or go on from the step that waits for somebody."""
    return _led(request, rollout_id, body.reason, actions.go_on)


def _led(
    request: HttpRequest, rollout_id: int, reason: str, act: Callable[..., int | None]
) -> RolloutView:
    viewer, _ = led_by(request, rollout_id)
    led = act(rollout_id=rollout_id, reason=reason, now=utc_now(), actor=viewer.actor)
    return queries.rollout(led or rollout_id)
