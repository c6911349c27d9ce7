"""Inhibition rules over the API."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from evenfall.alerting import actions, queries
from evenfall.alerting.actions import InhibitionDraft
from evenfall.alerting.errors import InhibitionNotValid
from evenfall.alerting.logic.matchers import Matcher, MatcherError, parse_matchers, written
from evenfall.alerting.queries import InhibitionView
from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now

router = Router()
_ONE = "/inhibitions/{int:inhibition_id}"


class InhibitionIn(Schema):
    """`source` and `target` are matchers, one per line, as in a silence."""

    name: str = Field(max_length=120)
    source: str = Field(max_length=5_000)
    target: str = Field(max_length=5_000)
    equal: list[str] = Field(default_factory=list, max_length=20)
    """Labels whose values must be the same on both; one that both lack is the same."""
    is_enabled: bool = True


class InhibitionOut(Schema):
    """`causes` are live alerts that hold others, `held` those that are held."""

    id: int
    name: str
    source: str
    target: str
    equal: list[str]
    is_enabled: bool
    causes: int
    held: int
    changed_at: datetime


class InhibitionsOut(Schema):
    items: list[InhibitionOut]


@router.get("/inhibitions", response=InhibitionsOut, auth=api_auth(Permission.VIEW))
def list_inhibitions(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """All rules by name."""
    return {"items": [_out(rule) for rule in queries.inhibitions()]}


@router.post("/inhibitions", response={201: InhibitionOut}, auth=api_auth(Permission.MANAGE))
def create_inhibition(request: HttpRequest, body: InhibitionIn) -> Status[dict[str, Any]]:
    """Add a rule; it holds what is open as well, within a second."""
    actor = _actor(request)
    number = actions.create_inhibition(draft=draft_of(body), now=utc_now(), actor=actor)
    return Status(201, _out(queries.inhibition(number)))


@router.put(_ONE, response=InhibitionOut, auth=api_auth(Permission.MANAGE))
def change_inhibition(
    request: HttpRequest, inhibition_id: int, body: InhibitionIn
) -> dict[str, Any]:
    """Say it in other words; what it held is decided again."""
    actions.change_inhibition(
        inhibition_id=inhibition_id, draft=draft_of(body), now=utc_now(), actor=_actor(request)
    )
    return _out(queries.inhibition(inhibition_id))


@router.delete(_ONE, response={204: None}, auth=api_auth(Permission.MANAGE))
def delete_inhibition(request: HttpRequest, inhibition_id: int) -> Status[None]:
    """Delete it; what it held is decided again."""
    actor = _actor(request)
    actions.delete_inhibition(inhibition_id=inhibition_id, now=utc_now(), actor=actor)
    return Status(204, None)


def _actor(request: HttpRequest) -> str:
    """Rules are for everybody, so a role in one team is not enough."""
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE)
    return viewer.actor


def draft_of(body: InhibitionIn) -> InhibitionDraft:
    return InhibitionDraft(
        name=body.name,
        source=_matchers("source", body.source),
        target=_matchers("target", body.target),
        equal=body.equal,
        is_enabled=body.is_enabled,
    )


def _matchers(field: str, text: str) -> tuple[Matcher, ...]:
    try:
        return parse_matchers(text)
    except MatcherError as error:
        raise InhibitionNotValid(field=field, reason=str(error)) from error


def _out(rule: InhibitionView) -> dict[str, Any]:
    return {
        "id": rule.id,
        "name": rule.name,
        "source": written(rule.source),
        "target": written(rule.target),
        "equal": list(rule.equal),
        "is_enabled": rule.is_enabled,
        "causes": rule.causes,
        "held": rule.held,
        "changed_at": rule.changed_at,
    }
