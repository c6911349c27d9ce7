"""What an incident may have come from, over the API."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from django.http import HttpRequest
from ninja import Schema

from evenfall.identity.access import api_auth
from evenfall.identity.permissions import Permission
from evenfall.incidents import actions, queries
from evenfall.incidents.api.routing import router
from evenfall.incidents.contexts import responder_of
from evenfall.incidents.queries import Suspect
from evenfall.platform.clock import utc_now

_VIEW, _RESPOND = api_auth(Permission.VIEW), api_auth(Permission.RESPOND)
_SUSPECTS = "/incidents/{int:incident_id}/suspects"
_SUSPECT = f"{_SUSPECTS}/{{int:change_id}}"


class SuspectVerdictWord(StrEnum):
    CONFIRMED = "confirmed"
    RULED_OUT = "ruled_out"


class SuspectPartOut(Schema):
    """One factor of the score, between 0 and 1."""

    words: str
    factor: float


class SuspectOut(Schema):
    """`score` is between 0 and 1; `verdict` is null where nobody said anything."""

    change_id: int
    summary: str
    at: datetime
    score: float
    parts: list[SuspectPartOut]
    verdict: SuspectVerdictWord | None
    verdict_by: str
    verdict_at: datetime | None


class SuspectsOut(Schema):
    """What people confirmed comes first, then the likeliest, then what is ruled out."""

    items: list[SuspectOut]


class SuspectVerdictIn(Schema):
    verdict: SuspectVerdictWord


@router.get(_SUSPECTS, response=SuspectsOut, auth=_VIEW)
def list_suspects(request: HttpRequest, incident_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """The changes that it may have come from, each with what its score is made of."""
    return _board(incident_id)


@router.put(_SUSPECT, response=SuspectsOut, auth=_RESPOND)
def judge_suspect(
    request: HttpRequest, incident_id: int, change_id: int, body: SuspectVerdictIn
) -> dict[str, Any]:
    """Say that it came from this change, or that it did not; any change can be named."""
    viewer = responder_of(request, incident_id)
    actions.judge_suspect(
        incident_id=incident_id,
        change_id=change_id,
        is_confirmed=body.verdict is SuspectVerdictWord.CONFIRMED,
        now=utc_now(),
        actor=viewer.actor,
    )
    return _board(incident_id)


@router.delete(_SUSPECT, response=SuspectsOut, auth=_RESPOND)
def withdraw_verdict(request: HttpRequest, incident_id: int, change_id: int) -> dict[str, Any]:
    """Take back what was said about a change."""
    viewer = responder_of(request, incident_id)
    actions.withdraw_verdict(
        incident_id=incident_id, change_id=change_id, now=utc_now(), actor=viewer.actor
    )
    return _board(incident_id)


def _board(incident_id: int) -> dict[str, Any]:
    board = queries.suspect_board(queries.incident(incident_id))
    all_of_them = [*([board.cause] if board.cause else []), *board.open, *board.ruled_out]
    return {"items": [_out(one) for one in all_of_them]}


def _out(one: Suspect) -> dict[str, Any]:
    verdict = one.verdict
    word = SuspectVerdictWord.RULED_OUT
    if verdict is not None and verdict.is_confirmed:
        word = SuspectVerdictWord.CONFIRMED
    return {
        "change_id": one.change.id,
        "summary": one.change.summary,
        "at": one.change.at,
        "score": round(one.score, 4),
        "parts": [{"words": part.words, "factor": round(part.factor, 4)} for part in one.parts],
        "verdict": None if verdict is None else word,
        "verdict_by": "" if verdict is None else verdict.who,
        "verdict_at": None if verdict is None else verdict.at,
    }
