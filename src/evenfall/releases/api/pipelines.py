"""What pipelines ask and report."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Status

from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.queries import ServiceView
from evenfall.identity.permissions import Viewer
from evenfall.platform.clock import utc_now
from evenfall.releases import actions, errors, queries
from evenfall.releases.actions import NewResult, Outcome
from evenfall.releases.actions.asking import as_json
from evenfall.releases.api import schemas
from evenfall.releases.api.releases import RESPOND, VIEW, needs_of
from evenfall.releases.api.routing import router
from evenfall.releases.contexts import keeper_of_service
from evenfall.releases.logic.gates import TITLES
from evenfall.releases.logic.states import State
from evenfall.releases.logic.words import Verdict
from evenfall.releases.queries import Answer

_STATUS = {Verdict.FAIL: HTTPStatus.CONFLICT, Verdict.UNKNOWN: HTTPStatus.TOO_EARLY}


@router.get("/gate", response=schemas.GateOut, auth=VIEW)
def check_gate(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    service: str,
    version: str,
    environment: str,
) -> dict[str, Any] | HttpResponse:
    """May this version go there? 200 yes, 409 no, 425 nobody knows yet; changes nothing.

    The other two are problem+json, with the gates as in the answer that says yes.
    """
    found = catalog_queries.service_by_slug(service)
    release = queries.release_by_version(found.id, version)
    passage = _newest(release.id, queries.stage_named(found.id, environment).name)
    answer = queries.answer(passage.id, now=utc_now())
    return gate_out(answer) if answer.verdict is Verdict.PASS else _refusal(answer)


@router.post("/gate", response=schemas.GateOut, auth=RESPOND)
def ask_gate(request: HttpRequest, body: schemas.GateIn) -> dict[str, Any]:
    """The same for pipelines: registers a version that is not known, and answers 200 always."""
    service = catalog_queries.service_by_slug(body.service)
    viewer = keeper_of_service(request, service.id)
    passage_id = _passage(viewer, service, body, body.environment)
    return gate_out(actions.ask_gates(passage_id=passage_id, now=utc_now(), actor=viewer.actor))


@router.post("/quality", response={201: schemas.QualityOut}, auth=RESPOND)
def push_quality(request: HttpRequest, body: schemas.QualityIn) -> Status[dict[str, int]]:
    """Push what a pipeline found out about a version; one that is not known is registered."""
    service = catalog_queries.service_by_slug(body.service)
    viewer, now = keeper_of_service(request, service.id), utc_now()
    release_id, _ = actions.ensure_release(
        new=actions.NewRelease(service_id=service.id, version=body.version),
        now=now,
        actor=viewer.actor,
        author_id=viewer.user_id,
    )
    values = body.dict(exclude={"service", "version", "measured_at"})
    number = actions.push_result(
        release_id=release_id,
        result=NewResult(measured_at=body.measured_at or now, **values),
        now=now,
        actor=viewer.actor,
    )
    return Status(201, {"id": number, "release_id": release_id})


@router.post("/deployed", response=schemas.PassageOut, auth=RESPOND)
def report_deploy(request: HttpRequest, body: schemas.DeployedIn) -> queries.PassageView:
    """Report that a deploy begins, or how it ended; it goes into the ledger of changes."""
    service = catalog_queries.service_by_slug(body.service)
    viewer = keeper_of_service(request, service.id)
    passage_id = _passage(viewer, service, body, body.environment, phase=body.phase)
    report(passage_id, body, viewer)
    return queries.passage(passage_id)


def _refusal(answer: Answer) -> HttpResponse:
    """RFC 9457 lets a problem carry members of its own."""
    status = _STATUS[answer.verdict]
    code = f"releases.gate_{answer.verdict.value}"
    problem = {
        "type": f"urn:evenfall:error:{code}",
        "title": "The gates do not pass",
        "status": int(status),
        "detail": f"These do not pass: {', '.join(answer.closed)}.",
        "code": code,
        **schemas.GateOut(**gate_out(answer)).model_dump(mode="json"),
    }
    return JsonResponse(problem, status=status, content_type="application/problem+json")


def report(passage_id: int, body: schemas.DeployedIn, viewer: Viewer) -> None:
    """A deploy that nobody said was begun begins now, as it is a fact already."""
    now, actor = utc_now(), viewer.actor
    view = queries.passage(passage_id)
    if body.phase == "started":
        if view.state is not State.DEPLOYING:
            actions.begin_deploy(passage_id=passage_id, observed=body.anyway, now=now, actor=actor)
        return
    if view.is_waiting:
        actions.begin_deploy(passage_id=passage_id, observed=True, now=now, actor=actor)
    if body.phase == "proven":
        actions.mark_proven(passage_id=passage_id, now=now, actor=actor)
        return
    outcome = Outcome.DEPLOYED if body.phase == "finished" else Outcome(body.phase)
    actions.finish_deploy(
        passage_id=passage_id,
        outcome=outcome,
        reason=body.reason,
        incident_id=body.incident_id,
        downtime_minutes=body.downtime_minutes,
        now=now,
        actor=actor,
    )


def gate_out(answer: Answer) -> dict[str, Any]:
    """The answer as it goes over the wire."""
    passage = queries.passage(answer.passage_id)
    gates = [{**one, "title": TITLES[one["name"]]} for one in as_json(answer.results)]
    return {
        "verdict": answer.verdict,
        "is_final": answer.is_final,
        "release_id": passage.release_id,
        "passage_id": passage.id,
        "service": answer.facts.service,
        "version": passage.version,
        "stage": passage.stage,
        "environment": passage.environment,
        "state": passage.state,
        "url": f"/releases/{passage.release_id}/",
        "gates": gates,
    }


def _passage(
    viewer: Viewer,
    service: ServiceView,
    body: schemas.ReleaseIn,
    environment: str,
    *,
    phase: str = "started",
) -> int:
    """The passage a pipeline speaks of; what it begins again after an end is another try."""
    now = utc_now()
    release_id, _ = actions.ensure_release(
        new=body.new(service.id, body.version, needs_of(body)),
        now=now,
        actor=viewer.actor,
        author_id=viewer.user_id,
    )
    stage = queries.stage_named(service.id, environment).name
    if phase != "started":
        return _newest(release_id, stage).id
    return actions.plan_passage(release_id=release_id, stage=stage, now=now, actor=viewer.actor)


def _newest(release_id: int, stage: str) -> queries.PassageView:
    tries = [one for one in queries.passages_of(release_id) if one.stage == stage]
    if not tries:
        raise errors.PassageNotFound(passage=stage)
    return tries[-1]
