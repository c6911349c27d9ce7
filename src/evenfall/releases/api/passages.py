"""One release in one stage over the API: gates, sign-off, checklist, the end."""

from typing import Any

from django.http import HttpRequest

from evenfall.platform.clock import utc_now
from evenfall.releases import actions, queries
from evenfall.releases.api import schemas
from evenfall.releases.api.pipelines import gate_out
from evenfall.releases.api.releases import RESPOND, VIEW
from evenfall.releases.api.routing import router
from evenfall.releases.contexts import keeper_of_passage, signer_of

_ONE = "/passages/{int:passage_id}"


@router.get(f"{_ONE}/gates", response=schemas.GateOut, auth=VIEW)
def get_gates(request: HttpRequest, passage_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """What all gates say now, with evidence; changes nothing."""
    return gate_out(queries.answer(passage_id, now=utc_now()))


@router.put(f"{_ONE}/sign-off", response=schemas.GateOut, auth=RESPOND)
def sign_off(request: HttpRequest, passage_id: int, body: schemas.SignOffIn) -> dict[str, Any]:
    """Say yes or no for your team; your newest word counts."""
    viewer = signer_of(request, passage_id)
    actions.sign_off(
        passage_id=passage_id,
        user_id=viewer.user_id,
        **body.dict(),
        now=utc_now(),
        actor=viewer.actor,
    )
    return gate_out(queries.answer(passage_id, now=utc_now()))


@router.delete(f"{_ONE}/sign-off", response=schemas.GateOut, auth=RESPOND)
def take_back_sign_off(request: HttpRequest, passage_id: int) -> dict[str, Any]:
    """Unsay your yes or no."""
    viewer = signer_of(request, passage_id)
    actions.take_back(
        passage_id=passage_id, user_id=viewer.user_id, now=utc_now(), actor=viewer.actor
    )
    return gate_out(queries.answer(passage_id, now=utc_now()))


@router.put(f"{_ONE}/checklist/{{item}}", response=schemas.GateOut, auth=RESPOND)
def tick_item(
    request: HttpRequest, passage_id: int, item: str, body: schemas.ReleaseTickIn
) -> dict[str, Any]:
    """Say that an item of the definition of done is done, with evidence, or is not."""
    viewer = keeper_of_passage(request, passage_id)
    actions.tick(
        passage_id=passage_id,
        item=item,
        is_done=body.is_done,
        evidence=body.evidence(),
        now=utc_now(),
        actor=viewer.actor,
    )
    return gate_out(queries.answer(passage_id, now=utc_now()))


@router.put(f"{_ONE}/downtime", response=schemas.PassageOut, auth=RESPOND)
def plan_downtime(
    request: HttpRequest, passage_id: int, body: schemas.DowntimeIn
) -> queries.PassageView:
    """Announce how long the deploy takes the service down: alerts wait meanwhile."""
    viewer = keeper_of_passage(request, passage_id)
    actions.plan_downtime(
        passage_id=passage_id, wish=body.wish(), now=utc_now(), actor=viewer.actor
    )
    return queries.passage(passage_id)


@router.post(f"{_ONE}/cancel", response=schemas.PassageOut, auth=RESPOND)
def cancel_passage(
    request: HttpRequest, passage_id: int, body: schemas.ReleaseReasonIn
) -> queries.PassageView:
    """It does not go there."""
    viewer = keeper_of_passage(request, passage_id)
    actions.cancel_passage(
        passage_id=passage_id, reason=body.reason, now=utc_now(), actor=viewer.actor
    )
    return queries.passage(passage_id)


@router.post(f"{_ONE}/exceptions", response=schemas.ReleaseExceptionOut, auth=RESPOND)
def ask_exception(
    request: HttpRequest, passage_id: int, body: schemas.ReleaseExceptionIn
) -> queries.ExceptionView:
    """Ask to be let through some gates; somebody else signs."""
    viewer = keeper_of_passage(request, passage_id)
    number = actions.ask_exception(
        passage_id=passage_id,
        wish=body.wish(),
        user_id=viewer.user_id,
        now=utc_now(),
        actor=viewer.actor,
    )
    return queries.exception(number)
