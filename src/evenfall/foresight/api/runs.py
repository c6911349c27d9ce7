"""What-ifs over the API."""

from typing import Any

from django.http import HttpRequest
from ninja import Status
from pydantic import ValidationError

from evenfall.foresight import actions, contexts, errors, ports, queries
from evenfall.foresight.actions import Asked
from evenfall.foresight.api.routing import router
from evenfall.foresight.api.schemas import ChangeToAskIn, WhatIfIn, WhatIfOut
from evenfall.foresight.logic.headlines import headline
from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now


@router.post(
    "/what-if", response={200: WhatIfOut, 202: WhatIfOut}, auth=api_auth(Permission.RESPOND)
)
def ask_what_if(request: HttpRequest, body: WhatIfIn) -> Status[dict[str, Any]]:
    """What the alerts of the last days would have led to with these changes; nothing is changed.

    200 with the answer; with very many alerts 202: ask /what-if/{what_if_id} again.
    """
    viewer = viewer_of(request)
    changes = [_asked(one, place) for place, one in enumerate(body.changes)]
    number = actions.ask(
        changes=changes,
        title=body.title or ", ".join(_named(one) for one in body.changes),
        days=body.days,
        now=utc_now(),
        actor=viewer.actor,
        by_name=viewer.name,
    )
    found = queries.run(number)
    return Status(202 if found.is_running else 200, _out(found))


@router.get("/what-if/{int:what_if_id}", response=WhatIfOut, auth=api_auth(Permission.VIEW))
def get_what_if(request: HttpRequest, what_if_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """How far a what-if is, and its answer."""
    return _out(queries.run(what_if_id))


def _asked(given: ChangeToAskIn, place: int) -> Asked:
    kind = ports.kind_named(given.kind)
    try:
        return Asked(kind=given.kind, value=kind.from_api(given.id, given.body))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(("changes", str(place), "body", *map(str, first["loc"])))
        raise errors.ChangeNotValid(field=where, where=where, what=first["msg"]) from None


def _named(given: ChangeToAskIn) -> str:
    number = "" if given.id is None else f" {given.id}"
    name = str((given.body or {}).get("name") or "")
    return f"{given.kind}{number} {name}".strip() if given.body else f"without {given.kind}{number}"


def _out(found: queries.RunView) -> dict[str, Any]:
    return {
        "id": found.id,
        "title": found.title,
        "state": found.state,
        "alerts": found.alerts,
        "done": found.done,
        "problem": found.problem,
        "headline": headline(found.report) if found.report else "",
        "report": found.report,
        "limits": contexts.limits(),
    }
