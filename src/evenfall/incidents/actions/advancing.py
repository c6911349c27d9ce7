"""What people do with an incident beside answering: fix, watch, decline, review, close.

Each action takes exactly one step of the table in `logic.states`. None of them brings an incident
through another state on the way: who sends one to review that is not resolved is told so.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from django.db import transaction

from evenfall.incidents import errors
from evenfall.incidents.actions import calling, moving, sources
from evenfall.incidents.actions.moving import By
from evenfall.incidents.logic.states import Act
from evenfall.incidents.models import Incident
from evenfall.paging.ports import Response
from evenfall.platform.events import Event

REASON_LENGTH: Final = 500

_STEPS: Final[Mapping[Act, Callable[[Incident, By], list[Event]]]] = {
    Act.INVESTIGATE: lambda incident, by: moving.advance(incident, by, Act.INVESTIGATE),
    Act.FIX: lambda incident, by: moving.advance(incident, by, Act.FIX),
    Act.MONITOR: lambda incident, by: moving.advance(incident, by, Act.MONITOR),
    Act.REVIEW: moving.review,
    Act.CLOSE: moving.close,
}
_HANDS_ON: Final = frozenset({Act.FIX, Act.MONITOR})


def advance_incident(
    *,
    incident_id: int,
    act: Act,
    user_id: int | None,
    now: datetime,
    actor: str,
    via: str = "web",
) -> None:
    """Take the next step: INVESTIGATE (also: go on after a pause), FIX, MONITOR, REVIEW or CLOSE.

    Who fixes or watches a fix has hands on it, so its page asks nobody else. Twice is not an error.
    Raises IncidentNotFound, NotPossible (with the reason).
    """
    with transaction.atomic():
        incident = moving.lock(incident_id)
        moving.check(incident, act)
        by = By(actor=actor, at=now, user_id=user_id)
        moving.save([incident], _STEPS[act](incident, by), now=now)
        if act in _HANDS_ON:
            calling.answer(incident, Response.ON_IT, by, via=via)
        elif act is Act.INVESTIGATE:
            calling.keep_alive(incident, now=now)


def decline_incident(
    *, incident_id: int, reason: str, user_id: int | None, now: datetime, actor: str
) -> None:
    """Say "this is no incident", and why; its page stops and its alerts end.

    Raises ReasonMissing, ReasonTooLong, IncidentNotFound, NotPossible.
    """
    said = read_reason(reason)
    with transaction.atomic():
        incident = moving.lock(incident_id)
        moving.check(incident, Act.DECLINE)
        by = By(actor=actor, at=now, user_id=user_id)
        moving.save([incident], moving.decline(incident, by, reason=said), now=now)
        calling.stop([incident], reason="it was declined", by=by)
        sources.end_alerts([incident.pk], by, reason="Its incident was declined.")


def read_reason(text: str, *, field: str = "reason") -> str:
    """Return the reason without space around it; raises ReasonMissing, ReasonTooLong."""
    said = " ".join(text.split())
    if not said:
        raise errors.ReasonMissing(field=field)
    if len(said) > REASON_LENGTH:
        raise errors.ReasonTooLong(field=field, most=REASON_LENGTH)
    return said
