"""The REST API of manifests: export, schema, plan, apply, drift."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from evenfall.foresight.ports import MOST_DAYS, PersonLine, headline
from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.manifests import actions, queries
from evenfall.manifests.actions import Plan, Wish
from evenfall.manifests.logic.effects import Effect, sums
from evenfall.manifests.logic.planning import Change, FieldChange
from evenfall.manifests.logic.reading import Problem
from evenfall.platform.clock import utc_now

router = Router(tags=["manifests"])
_YAML = "application/yaml; charset=utf-8"


class ManifestIn(Schema):
    """Files by the names people know them by, and the values of the secrets they name.

    `expected` is the digest of a plan: applying anything else is refused with 409.
    """

    bundle: str = Field(default="default", max_length=80)
    files: dict[str, str] = Field(max_length=200)
    secrets: dict[str, str] = Field(default_factory=dict, max_length=200)
    revision: str = Field(default="", max_length=120)
    expected: str = Field(default="", max_length=64)
    may_empty: bool = False


class ManifestPlanIn(ManifestIn):
    """`days` of recorded alerts are replayed, to say what the plan would do to people; 0: none."""

    days: int = Field(default=7, ge=0, le=MOST_DAYS)


class ManifestFieldOut(Schema):
    path: str
    before: Any
    after: Any


class ManifestChangeOut(Schema):
    """`step` is create, update or delete; `thing` is as in `rotas.payments`."""

    thing: str
    kind: str
    key: str
    step: str
    own_id: int | None
    fields: list[ManifestFieldOut]


class ManifestProblemOut(Schema):
    file: str
    line: int
    what: str
    message: str


class PlanFigureOut(Schema):
    """Pages are of high urgency, each person once a page."""

    as_is: int
    proposed: int


class PlanPersonOut(Schema):
    user_id: int
    name: str
    pages: PlanFigureOut
    by_night: PlanFigureOut


class LeftOutOut(Schema):
    thing: str
    reason: str


class ManifestEffectOut(Schema):
    """What the alerts of the last days would have led to. With a `reason` nothing was replayed.

    `left_out` are changes that the replay cannot show. `what_if_id` is the what-if with all of it.
    """

    days: int
    reason: str
    headline: str
    alerts: int
    figures: dict[str, PlanFigureOut]
    people: list[PlanPersonOut]
    left_out: list[LeftOutOut]
    what_if_id: int | None


class ManifestPlanOut(Schema):
    """With problems nothing is, or was, changed. `keys` are those of new integrations, shown once.

    `adopted` are there just so and are managed from now on; `over` is quiet that ended. `effect`
    is there for a plan that was asked for it and has no problems.
    """

    bundle: str
    digest: str
    changes: list[ManifestChangeOut]
    adopted: list[str]
    over: list[str]
    problems: list[ManifestProblemOut]
    keys: dict[str, str]
    effect: ManifestEffectOut | None


class HandOut(Schema):
    actor: str
    name: str
    at: datetime
    what: str


class ManifestDriftOut(Schema):
    """`before` of a field is what was applied, `after` what is there."""

    bundle: str
    thing: str
    applied_at: datetime
    is_gone: bool
    fields: list[ManifestFieldOut]
    hands: list[HandOut]


class ManifestDriftsOut(Schema):
    items: list[ManifestDriftOut]


class BundleOut(Schema):
    name: str
    revision: str
    applied_at: datetime
    applied_by: str
    count: int


class BundlesOut(Schema):
    items: list[BundleOut]


class ReleasedOut(Schema):
    """How many things belong to people again."""

    count: int


@router.get("/manifests/export", auth=api_auth(Permission.MANAGE), response=None)
def export_manifest(request: HttpRequest, kinds: str = "") -> HttpResponse:  # noqa: ARG001 - ninja passes it
    """Everything that is there as one YAML file; `kinds` names some of them, with commas."""
    chosen = [kind.strip() for kind in kinds.split(",") if kind.strip()]
    return HttpResponse(queries.export(kinds=chosen, now=utc_now()), content_type=_YAML)


@router.get("/manifests/schema", auth=api_auth(Permission.VIEW), response=dict[str, Any])
def manifest_schema(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """The JSON Schema of a manifest, for editors."""
    return queries.schema()


@router.get("/manifests/bundles", auth=api_auth(Permission.MANAGE), response=BundlesOut)
def list_bundles(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """What is managed by files."""
    return {"items": queries.bundles()}


@router.delete(
    "/manifests/bundles/{slug:bundle}", auth=api_auth(Permission.MANAGE), response=ReleasedOut
)
def release_bundle(request: HttpRequest, bundle: str) -> dict[str, Any]:
    """Let a bundle manage nothing any more; what it made stays."""
    viewer = viewer_of(request)
    return {"count": actions.release(bundle=bundle, viewer=viewer, now=utc_now())}


@router.post("/manifests/plan", auth=api_auth(Permission.MANAGE), response=ManifestPlanOut)
def plan_manifest(request: HttpRequest, body: ManifestPlanIn) -> dict[str, Any]:
    """What applying would do, to things and to people, and every problem; nothing is changed."""
    viewer, wish = viewer_of(request), Wish(**body.dict(exclude={"days"}))
    return _plan(actions.plan(wish=wish, viewer=viewer, now=utc_now(), days=body.days))


@router.post("/manifests/apply", auth=api_auth(Permission.MANAGE), response=ManifestPlanOut)
def apply_manifest(request: HttpRequest, body: ManifestIn) -> dict[str, Any]:
    """Make everything as it is declared, or nothing. The same again changes nothing."""
    return _plan(actions.apply(wish=Wish(**body.dict()), viewer=viewer_of(request), now=utc_now()))


@router.get("/manifests/drift", auth=api_auth(Permission.MANAGE), response=ManifestDriftsOut)
def manifest_drift(request: HttpRequest, bundle: str = "") -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """What other hands did to managed things, and whose hands."""
    found = queries.drift(bundle=bundle or None, now=utc_now())
    return {"items": [_drift(one) for one in found]}


def _plan(plan: Plan) -> dict[str, Any]:
    return {
        "bundle": plan.bundle,
        "digest": plan.digest,
        "changes": [_change(change) for change in plan.changes],
        "adopted": [str(thing) for thing in plan.adopted],
        "over": [str(thing) for thing in plan.over],
        "problems": [_problem(problem) for problem in plan.problems],
        "keys": {str(thing): key for thing, key in plan.keys.items()},
        "effect": _effect(plan.effect) if plan.effect else None,
    }


def _effect(effect: Effect) -> dict[str, Any]:
    report = effect.report
    return {
        "days": effect.days,
        "reason": effect.reason,
        "headline": headline(report) if report else "",
        "alerts": report.alerts if report else 0,
        "figures": {name: _figure(*pair) for name, pair in sums(report).items()} if report else {},
        "people": [_person(one) for one in report.people] if report else [],
        "left_out": [{"thing": str(one.thing), "reason": one.reason} for one in effect.left_out],
        "what_if_id": effect.number,
    }


def _person(one: PersonLine) -> dict[str, Any]:
    return {
        "user_id": one.user_id,
        "name": one.name,
        "pages": _figure(one.as_is, one.proposed),
        "by_night": _figure(one.nights_as_is, one.nights_proposed),
    }


def _figure(as_is: int, proposed: int) -> dict[str, int]:
    return {"as_is": as_is, "proposed": proposed}


def _change(change: Change) -> dict[str, Any]:
    return {
        "thing": str(change.thing),
        "kind": change.thing.kind,
        "key": change.thing.key,
        "step": change.step.value,
        "own_id": change.own_id,
        "fields": _fields(change.fields),
    }


def _fields(fields: tuple[FieldChange, ...]) -> list[dict[str, Any]]:
    return [{"path": one.path, "before": one.before, "after": one.after} for one in fields]


def _problem(problem: Problem) -> dict[str, Any]:
    place = problem.place
    return {
        "file": place.file,
        "line": place.line,
        "what": problem.what,
        "message": problem.message,
    }


def _drift(one: queries.Drift) -> dict[str, Any]:
    return {
        "bundle": one.bundle,
        "thing": str(one.thing),
        "applied_at": one.applied_at,
        "is_gone": one.is_gone,
        "fields": _fields(one.fields),
        "hands": [_hand(hand) for hand in one.hands],
    }


def _hand(hand: queries.Hand) -> dict[str, Any]:
    return {"actor": hand.actor, "name": hand.name, "at": hand.at, "what": hand.what}
