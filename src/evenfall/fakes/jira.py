"""Jira: one project "OPS" with the states To Do, In Progress and Done, REST version 2.

Served below /rest/api/2: POST /issue, GET /issue/{key}, GET and POST /issue/{key}/transitions,
GET /search/jql (by label). Basic and Bearer are both good. As in the cloud, an issue is changed by
a transition only, and an answer to one is empty. Webhooks carry X-Hub-Signature.

Faults: hang, status, crash (after the work), refuse with `code` as the status: 400 (a field that
the screen does not have), 401, 403, 404, 410, 422, 429 with Retry-After; webhooks:
duplicate_callback, reversed_callbacks, late_callback, bad_signature.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Sequence
from typing import Any, override

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from evenfall.fakes.issues import IssueTracker, Stored

CREATED, EMPTY = 201, 204
UNAUTHORIZED, BAD_REQUEST = 401, 400
PROJECT = "OPS"
_WORDS = {
    400: "Field 'issuetype' cannot be set. It is not on the appropriate screen, or unknown.",
    401: "Client must be authenticated to access this resource.",
    403: "You do not have permission to create issues in this project.",
    404: "Issue does not exist or you do not have permission to see it.",
    410: "The requested resource is gone.",
    422: "The request could not be processed.",
    429: "Rate limit exceeded.",
}
_EVENTS = {
    "made": "jira:issue_created",
    "closed": "jira:issue_updated",
    "opened": "jira:issue_updated",
    "removed": "jira:issue_deleted",
}
_TRANSITIONS = (
    ("11", "To Do", "new"),
    ("21", "In Progress", "indeterminate"),
    ("31", "Done", "done"),
)
_LABEL = re.compile(r'labels = "([^"]*)"')


class Jira(IssueTracker):
    name = "jira"

    @override
    def routes(self) -> Sequence[BaseRoute]:
        api = "/rest/api/2"
        one = f"{api}/issue/{{key}}"
        return [
            Route(f"{api}/issue", self._create, methods=["POST"]),
            Route(one, self._get, methods=["GET"]),
            Route(f"{one}/transitions", self._transitions, methods=["GET"]),
            Route(f"{one}/transitions", self._move, methods=["POST"]),
            Route(f"{api}/search/jql", self._search, methods=["GET"]),
        ]

    @override
    def refused(self, status: int, *, retry_after_s: int | None = None) -> Response:
        body = {"errorMessages": [_WORDS.get(status, "Internal server error")], "errors": {}}
        headers = {} if retry_after_s is None else {"Retry-After": str(retry_after_s)}
        return JSONResponse(body, status_code=status, headers=headers)

    @override
    def webhook(self, stored: Stored, event: str, secret: str) -> tuple[dict[str, str], bytes]:
        body = json.dumps({"webhookEvent": _EVENTS[event], "issue": _shown(stored)}).encode()
        signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/json",
            "X-Hub-Signature": f"sha256={signature}",
        }
        return headers, body

    async def _create(self, request: Request) -> Response:
        fields = (await request.json()).get("fields", {})
        title = fields.get("summary", "")
        if (answer := await self._flaw(request, title)) is not None:
            return answer
        if not title or fields.get("project", {}).get("key") != PROJECT:
            return self.refused(BAD_REQUEST)
        stored = self.make(
            title=title, body=fields.get("description") or "", labels=fields.get("labels", [])
        )
        self.crash(title)
        made = {"id": str(10_000 + stored.number), "key": _key(stored)}
        return JSONResponse(made, status_code=CREATED)

    async def _get(self, request: Request) -> Response:
        found = await self._found(request)
        return found if isinstance(found, Response) else JSONResponse(_shown(found))

    async def _transitions(self, request: Request) -> Response:
        found = await self._found(request)
        if isinstance(found, Response):
            return found
        offered = [
            {"id": number, "name": name, "to": {"name": name, "statusCategory": {"key": key}}}
            for number, name, key in _TRANSITIONS
        ]
        return JSONResponse({"transitions": offered})

    async def _move(self, request: Request) -> Response:
        found = await self._found(request)
        if isinstance(found, Response):
            return found
        wanted = (await request.json())["transition"]["id"]
        category = next((key for number, _, key in _TRANSITIONS if number == wanted), None)
        if category is None:
            return self.refused(BAD_REQUEST)
        reason = "Done" if category == "done" else ""
        self.put(found, is_open=category != "done", reason=reason)
        self.crash(found.title)
        return Response(status_code=EMPTY)

    async def _search(self, request: Request) -> Response:
        if (answer := await self._flaw(request, "")) is not None:
            return answer
        label = _LABEL.search(request.query_params.get("jql", ""))
        wanted = label[1] if label else ""
        found = [_shown(one) for one in self.issues.values() if wanted in one.labels]
        return JSONResponse({"issues": found, "isLast": True})

    async def _found(self, request: Request) -> Stored | Response:
        if (answer := await self._flaw(request, "")) is not None:
            return answer
        project, _, number = request.path_params["key"].partition("-")
        told = int(number) if number.isdecimal() and project == PROJECT else 0
        return self.missing(told) or self.issues[told]

    async def _flaw(self, request: Request, text: str) -> Response | None:
        if not request.headers.get("Authorization", "").startswith(("Basic ", "Bearer ")):
            return self.refused(UNAUTHORIZED)
        return await self.stricken(text)


def _key(stored: Stored) -> str:
    return f"{PROJECT}-{stored.number}"


def _shown(stored: Stored) -> dict[str, Any]:
    status = {"name": "To Do", "statusCategory": {"key": "new"}}
    if not stored.is_open:
        status = {"name": "Done", "statusCategory": {"key": "done"}}
    resolution = None if stored.is_open else {"name": stored.reason or "Done"}
    fields = {"summary": stored.title, "status": status, "resolution": resolution}
    return {"key": _key(stored), "fields": {**fields, "labels": stored.labels}}
