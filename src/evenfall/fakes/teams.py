"""Workflows of Microsoft Teams that post a card for each request.

Served: ``POST /workflows/<name>/triggers/manual/paths/invoke`` with ``sig`` in its query, as the
address that Teams shows has it. Answers 202 without a body; 400 for what is no card, 413 above
28 KB, 404 for a workflow that was deleted.

Faults: hang, status (429 with Retry-After), refuse (`code` 404: deleted; 400: switched off; 200:
the text in which older connectors hide the refusal of Teams), lose, crash.
"""

import json
from collections.abc import Sequence
from typing import Any, override

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from evenfall.fakes.faults import Fault, FaultKind
from evenfall.fakes.vendor import ConnectionCut, Vendor

MOST_BYTES = 28 * 1024
ACCEPTED = 202
CARD = "application/vnd.microsoft.card.adaptive"
_CODES = {
    400: ("WorkflowTriggerIsNotEnabled", "Could not execute workflow: its trigger is not enabled."),
    401: ("DirectApiAuthorizationRequired", "The request must have a valid signature."),
    404: ("WorkflowNotFound", "The workflow could not be found."),
}
_HIDDEN = (
    "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429"
    " with ContextId tcid=0,server=fake"
)


class Teams(Vendor):
    name = "teams"
    faults_known = frozenset(
        {
            FaultKind.HANG,
            FaultKind.STATUS,
            FaultKind.REFUSE,
            FaultKind.LOSE,
            FaultKind.CRASH,
        }
    )

    def __init__(self) -> None:
        super().__init__()
        self._deleted: set[str] = set()

    @override
    def routes(self) -> Sequence[BaseRoute]:
        path = "/workflows/{name}/triggers/manual/paths/invoke"
        return [Route(path, self._invoke, methods=["POST"])]

    @override
    def people_routes(self) -> Sequence[BaseRoute]:
        return [Route("/delete", self._delete, methods=["POST"])]

    async def _invoke(self, request: Request) -> Response:
        body, name = await request.body(), request.path_params["name"]
        fault = self.faults.next(text=body.decode("utf-8", "replace"))
        if (answer := await self._stricken(fault)) is not None:
            return answer
        if not request.query_params.get("sig"):
            return _refused(401)
        if name in self._deleted:
            return _refused(404)
        if len(body) > MOST_BYTES:
            return Response(status_code=413)
        card = _card_of(body)
        if card is None:
            return _invalid()
        arrived = fault is None or fault.kind is not FaultKind.LOSE
        self.keep(to=name, text=_text_of(card), body=card, arrived=arrived)
        if fault is not None and fault.kind is FaultKind.CRASH:
            raise ConnectionCut
        run = f"0858{len(self.sent):020d}CU00"
        return Response(status_code=ACCEPTED, headers={"x-ms-workflow-run-id": run})

    async def _stricken(self, fault: Fault | None) -> Response | None:
        if fault is None or fault.kind is not FaultKind.REFUSE:
            return await self.strike(fault)
        return PlainTextResponse(_HIDDEN) if fault.code == 200 else _refused(fault.code)  # noqa: PLR2004 - the code of the docstring

    async def _delete(self, request: Request) -> Response:
        """The owner deletes a workflow: {"name"}; {"name", "back": true} makes it anew."""
        change = await request.json()
        if change.get("back"):
            self._deleted.discard(change["name"])
        else:
            self._deleted.add(change["name"])
        return JSONResponse({})


def _refused(status: int) -> Response:
    code, message = _CODES.get(status, ("BadRequest", f"fault {status}"))
    return JSONResponse({"error": {"code": code, "message": message}}, status_code=status)


def _invalid() -> Response:
    error = {"code": "InvalidRequestContent", "message": "The request content is not a card."}
    return JSONResponse({"error": error}, status_code=400)


def _card_of(body: bytes) -> dict[str, Any] | None:
    """The card of a request, None where a workflow would fail on it."""
    try:
        message = json.loads(body)
        (attachment,) = message["attachments"]
        card: dict[str, Any] = attachment["content"]
    except (ValueError, KeyError, TypeError):
        return None
    is_card = attachment.get("contentType") == CARD and card.get("type") == "AdaptiveCard"
    return card if message.get("type") == "message" and is_card else None


def _text_of(card: dict[str, Any]) -> str:
    blocks = card.get("body", [])
    return "\n".join("".join(run["text"] for run in block["inlines"]) for block in blocks)
