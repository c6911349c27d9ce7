"""Trains over the API."""

from typing import Any

from django.http import HttpRequest
from ninja import Status

from evenfall.platform.clock import utc_now
from evenfall.releases import actions, errors, queries
from evenfall.releases.api import train_schemas as schemas
from evenfall.releases.api.releases import RESPOND, VIEW
from evenfall.releases.api.routing import router
from evenfall.releases.contexts import keeper_of_release, keeper_of_train


@router.post("/release-trains", response={201: schemas.TrainOut}, auth=RESPOND)
def make_train(request: HttpRequest, body: schemas.TrainIn) -> Status[queries.TrainView]:
    """Let releases go together, in the order of what needs what."""
    return Status(201, _train(request, None, body))


@router.get("/release-trains", response=schemas.TrainsOut, auth=VIEW)
def list_trains(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """The next departures, those of the last day before them, those without a time last."""
    return {"items": queries.coming_trains(now=utc_now())}


@router.get("/release-trains/{int:train_id}", response=schemas.TrainOut, auth=VIEW)
def get_train(request: HttpRequest, train_id: int) -> queries.TrainView:  # noqa: ARG001 - ninja passes it
    """One train with its order, as ids of releases."""
    return queries.train(train_id, now=utc_now())


@router.put("/release-trains/{int:train_id}", response=schemas.TrainOut, auth=RESPOND)
def change_train(request: HttpRequest, train_id: int, body: schemas.TrainIn) -> queries.TrainView:
    """Replace its name and its releases."""
    keeper_of_train(request, train_id)
    return _train(request, train_id, body)


@router.post("/release-trains/{int:train_id}/next", response=schemas.TrainOut, auth=RESPOND)
def take_next_train(
    request: HttpRequest, train_id: int, body: schemas.NextTrainIn
) -> queries.TrainView:
    """Put what stayed when it departed on another train, which is returned."""
    keeper_of_train(request, train_id)
    viewer = keeper_of_train(request, body.train_id)
    actions.take_next_train(
        train_id=train_id,
        next_id=body.train_id,
        release_ids=body.release_ids,
        now=utc_now(),
        actor=viewer.actor,
    )
    return queries.train(body.train_id, now=utc_now())


def _train(request: HttpRequest, train_id: int | None, body: schemas.TrainIn) -> queries.TrainView:
    """Whoever puts releases into a train may work on each of them."""
    viewers = [keeper_of_release(request, one) for one in body.release_ids]
    if not viewers:
        raise errors.TrainEmpty(field="release_ids")
    number = actions.save_train(
        wish=body.wish(), train_id=train_id, now=utc_now(), actor=viewers[0].actor
    )
    return queries.train(number, now=utc_now())
