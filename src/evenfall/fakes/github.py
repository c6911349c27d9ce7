"""GitHub: the issues of any repository (all share one store), REST version 2022-11-28.

Served: GET and POST /repos/{owner}/{repo}/issues, GET and PATCH …/issues/{number}. Any token is
good. Webhooks carry X-GitHub-Event, X-GitHub-Delivery and X-Hub-Signature-256.

Faults: hang, status, crash (after the work), refuse with `code` as the status: 401 (bad
credentials), 403 (a limit: with `retry_after_s` the secondary one, else the primary one with
X-RateLimit-Remaining and -Reset), 404, 410 (removed), 422 (validation); webhooks:
duplicate_callback, reversed_callbacks, late_callback, bad_signature.
"""

import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Sequence
from typing import Any, override

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from evenfall.fakes.issues import IssueTracker, Stored, number_of

CREATED = 201
UNAUTHORIZED = 401
FORBIDDEN = 403
INVALID = 422
REPOSITORY = "acme/shop"
_WORDS = {
    401: "Bad credentials",
    403: "API rate limit exceeded for user ID 1.",
    404: "Not Found",
    410: "This issue was deleted",
    422: "Validation Failed",
}
_ACTIONS = {"made": "opened", "closed": "closed", "opened": "reopened", "removed": "deleted"}


class GitHub(IssueTracker):
    name = "github"

    @override
    def routes(self) -> Sequence[BaseRoute]:
        issues = "/repos/{owner}/{repo}/issues"
        return [
            Route(issues, self._list, methods=["GET"]),
            Route(issues, self._create, methods=["POST"]),
            Route(f"{issues}/{{number}}", self._get, methods=["GET"]),
            Route(f"{issues}/{{number}}", self._change, methods=["PATCH"]),
        ]

    @override
    def refused(self, status: int, *, retry_after_s: int | None = None) -> Response:
        body: dict[str, Any] = {
            "message": _WORDS.get(status, "Server Error"),
            "documentation_url": "https://docs.github.com/rest",
            "status": str(status),
        }
        headers = {}
        if status == INVALID:
            body["errors"] = [{"resource": "Issue", "field": "title", "code": "invalid"}]
        if status == FORBIDDEN and retry_after_s is None:
            headers = {
                "X-RateLimit-Remaining": "0",
                "X-RateLimit-Reset": str(int(time.time()) + 60),
            }
        if retry_after_s is not None:
            headers = {"Retry-After": str(retry_after_s)}
        return JSONResponse(body, status_code=status, headers=headers)

    @override
    def webhook(self, stored: Stored, event: str, secret: str) -> tuple[dict[str, str], bytes]:
        said = {
            "action": _ACTIONS[event],
            "issue": _shown(stored, REPOSITORY),
            "repository": {"full_name": REPOSITORY},
            "sender": {"login": "ada"},
        }
        body = json.dumps(said).encode()
        signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/json",
            "X-GitHub-Event": "issues",
            "X-GitHub-Delivery": str(uuid.uuid4()),
            "X-Hub-Signature-256": f"sha256={signature}",
        }
        return headers, body

    async def _list(self, request: Request) -> Response:
        if (answer := await self._flaw(request, "")) is not None:
            return answer
        newest = sorted(self.issues.values(), key=lambda one: -one.number)
        return JSONResponse([_shown(one, _repository(request)) for one in newest])

    async def _create(self, request: Request) -> Response:
        said = await request.json()
        title = said.get("title", "")
        if (answer := await self._flaw(request, title)) is not None:
            return answer
        if not title:
            return self.refused(INVALID)
        stored = self.make(title=title, body=said.get("body") or "")
        self.crash(title)
        return JSONResponse(_shown(stored, _repository(request)), status_code=CREATED)

    async def _get(self, request: Request) -> Response:
        if (answer := await self._flaw(request, "")) is not None:
            return answer
        number = number_of(request)
        missing = self.missing(number)
        return missing or JSONResponse(_shown(self.issues[number], _repository(request)))

    async def _change(self, request: Request) -> Response:
        if (answer := await self._flaw(request, "")) is not None:
            return answer
        number = number_of(request)
        if (missing := self.missing(number)) is not None:
            return missing
        said, stored = await request.json(), self.issues[number]
        reason = "" if said["state"] == "open" else said.get("state_reason", "completed")
        self.put(stored, is_open=said["state"] == "open", reason=reason)
        self.crash(stored.title)
        return JSONResponse(_shown(stored, _repository(request)))

    async def _flaw(self, request: Request, text: str) -> Response | None:
        if not request.headers.get("Authorization", "").startswith("Bearer "):
            return self.refused(UNAUTHORIZED)
        return await self.stricken(text)


def _repository(request: Request) -> str:
    return f"{request.path_params['owner']}/{request.path_params['repo']}"


def _shown(stored: Stored, repository: str) -> dict[str, Any]:
    reason = (stored.reason or "completed") if not stored.is_open else None
    return {
        "number": stored.number,
        "title": stored.title,
        "body": stored.body,
        "state": "open" if stored.is_open else "closed",
        "state_reason": reason,
        "html_url": f"https://github.com/{repository}/issues/{stored.number}",
    }
