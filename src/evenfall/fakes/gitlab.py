"""GitLab: the issues of any project (all share one store), REST version 4.

Served: GET and POST /api/v4/projects/{path}/issues, GET and PUT …/issues/{iid}. Any token is good.
Webhooks carry X-Gitlab-Event and X-Gitlab-Token.

Faults: hang, status, crash (after the work), refuse with `code` as the status: 401, 403, 404, 410,
422, 429 with Retry-After; webhooks: duplicate_callback, reversed_callbacks, late_callback,
bad_signature (another token).
"""

import json
from collections.abc import Sequence
from typing import Any, override

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from evenfall.fakes.issues import IssueTracker, Stored, number_of

CREATED = 201
UNAUTHORIZED = 401
BAD_REQUEST = 400
PROJECT = "acme/shop"
_WORDS = {
    400: "title is missing",
    401: "401 Unauthorized",
    403: "403 Forbidden",
    404: "404 Issue Not Found",
    410: "410 Gone",
    422: "422 Unprocessable Entity",
    429: "Too Many Requests",
}
_ACTIONS = {"made": "open", "closed": "close", "opened": "reopen", "removed": "delete"}


class GitLab(IssueTracker):
    name = "gitlab"

    @override
    def routes(self) -> Sequence[BaseRoute]:
        issues = "/api/v4/projects/{project:path}/issues"
        return [
            Route(f"{issues}/{{number:int}}", self._get, methods=["GET"]),
            Route(f"{issues}/{{number:int}}", self._change, methods=["PUT"]),
            Route(issues, self._list, methods=["GET"]),
            Route(issues, self._create, methods=["POST"]),
        ]

    @override
    def refused(self, status: int, *, retry_after_s: int | None = None) -> Response:
        word = _WORDS.get(status, "500 Internal Server Error")
        headers = {} if retry_after_s is None else {"Retry-After": str(retry_after_s)}
        return JSONResponse({"message": word}, status_code=status, headers=headers)

    @override
    def webhook(self, stored: Stored, event: str, secret: str) -> tuple[dict[str, str], bytes]:
        said = {
            "object_kind": "issue",
            "event_type": "issue",
            "project": {"path_with_namespace": PROJECT},
            "object_attributes": {
                "iid": stored.number,
                "title": stored.title,
                "state": _state(stored),
                "action": _ACTIONS[event],
            },
        }
        headers = {
            "Content-Type": "application/json",
            "X-Gitlab-Event": "Issue Hook",
            "X-Gitlab-Token": secret,
        }
        return headers, json.dumps(said).encode()

    async def _list(self, request: Request) -> Response:
        if (answer := await self._flaw(request, "")) is not None:
            return answer
        newest = sorted(self.issues.values(), key=lambda one: -one.number)
        return JSONResponse([_shown(one, request) for one in newest])

    async def _create(self, request: Request) -> Response:
        said = await request.json()
        title = said.get("title", "")
        if (answer := await self._flaw(request, title)) is not None:
            return answer
        if not title:
            return self.refused(BAD_REQUEST)
        stored = self.make(title=title, body=said.get("description") or "")
        self.crash(title)
        return JSONResponse(_shown(stored, request), status_code=CREATED)

    async def _get(self, request: Request) -> Response:
        if (answer := await self._flaw(request, "")) is not None:
            return answer
        number = number_of(request)
        return self.missing(number) or JSONResponse(_shown(self.issues[number], request))

    async def _change(self, request: Request) -> Response:
        if (answer := await self._flaw(request, "")) is not None:
            return answer
        number = number_of(request)
        if (missing := self.missing(number)) is not None:
            return missing
        said, stored = await request.json(), self.issues[number]
        if said.get("state_event") in {"close", "reopen"}:
            self.put(stored, is_open=said["state_event"] == "reopen")
        self.crash(stored.title)
        return JSONResponse(_shown(stored, request))

    async def _flaw(self, request: Request, text: str) -> Response | None:
        if not request.headers.get("PRIVATE-TOKEN"):
            return self.refused(UNAUTHORIZED)
        return await self.stricken(text)


def _state(stored: Stored) -> str:
    return "opened" if stored.is_open else "closed"


def _shown(stored: Stored, request: Request) -> dict[str, Any]:
    project = request.path_params["project"]
    return {
        "iid": stored.number,
        "title": stored.title,
        "description": stored.body,
        "state": _state(stored),
        "web_url": f"https://gitlab.com/{project}/-/issues/{stored.number}",
    }
