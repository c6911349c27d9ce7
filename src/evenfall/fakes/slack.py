"""Slack: the Web API of an app, its buttons and command over HTTP, and Socket Mode.

Served: chat.postMessage, chat.update, conversations.create, conversations.invite,
users.lookupByEmail, users.info, auth.test and apps.connections.open below ``/api/``; replies at
``/response/``, which is what a `response_url` is. A bot's token starts with ``xoxb-``.

Faults: hang, status (429 in Slack's own words), refuse (`code` 1 invalid_auth, 2
channel_not_found, 3 is_archived, 4 not_in_channel, 5 internal_error), lose, crash; for taps and
commands duplicate_callback, late_callback, reversed_callbacks (one waits for the next and comes
after it) and bad_signature.
"""

import asyncio
import itertools
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, override
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from evenfall.fakes.faults import OF_CALLBACKS, OF_REQUESTS, Fault, FaultKind
from evenfall.fakes.slack_events import App, Sockets, form_of, signed
from evenfall.fakes.slack_workspace import Refused, Workspace, check_blocks, words_of
from evenfall.fakes.vendor import ConnectionCut, Sent, Vendor

REFUSALS = {
    1: "invalid_auth",
    2: "channel_not_found",
    3: "is_archived",
    4: "not_in_channel",
    5: "internal_error",
}
_READING = frozenset({"users.lookupByEmail", "users.info", "auth.test", "apps.connections.open"})

type Params = dict[str, Any]


class Slack(Vendor):
    name = "slack"
    faults_known = frozenset(
        {
            FaultKind.HANG,
            FaultKind.STATUS,
            FaultKind.REFUSE,
            FaultKind.LOSE,
            FaultKind.CRASH,
            *(OF_CALLBACKS - {FaultKind.EARLY_CALLBACK}),
        }
    )

    def __init__(self) -> None:
        super().__init__()
        self.workspace = Workspace()
        self.app = App()
        self.sockets = Sockets()
        self._numbers = itertools.count(1)
        self._held: list[Callable[[], Awaitable[None]]] = []

    @override
    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/api/{method}", self._call, methods=["POST"]),
            Route("/response/{user}/{number}", self._respond, methods=["POST"]),
            WebSocketRoute("/link", self.sockets.serve),
        ]

    @override
    def people_routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/setup", self._set_up, methods=["POST"]),
            Route("/member", self._add_member, methods=["POST"]),
            Route("/channel", self._add_channel, methods=["POST"]),
            Route("/archive", self._archive, methods=["POST"]),
            Route("/tap", self._tap, methods=["POST"]),
            Route("/command", self._command, methods=["POST"]),
            Route("/disconnect", self._disconnect, methods=["POST"]),
            Route("/sockets", self._count_sockets, methods=["GET", "POST"]),
        ]

    # what an app calls

    async def _call(self, request: Request) -> Response:
        method = request.path_params["method"]
        known = {
            "chat.postMessage": self._post,
            "chat.update": self._update,
            "conversations.create": self._create,
            "conversations.invite": self._invite,
            "users.lookupByEmail": self._look_up,
            "users.info": self._info,
            "auth.test": self._auth_test,
            "apps.connections.open": self._open_socket,
        }
        if method not in known:
            return _refusal("unknown_method")
        params = await _params(request)
        said = words_of(params)
        fault = None if method in _READING else self.faults.next(OF_REQUESTS, text=said)
        if fault is not None and fault.kind is FaultKind.STATUS and fault.status == 429:  # noqa: PLR2004 - too many
            wait = {"Retry-After": str(fault.retry_after_s or 1)}
            body = {"ok": False, "error": "ratelimited"}
            return JSONResponse(body, status_code=429, headers=wait)
        struck = await self.strike(fault)
        if struck is not None:
            return struck
        try:
            self._check_token(request, method)
            _refuse(fault)
            answer = known[method](params, request, fault)
        except Refused as refused:
            return _refusal(refused.code, **refused.more)
        if fault is not None and fault.kind is FaultKind.CRASH:
            raise ConnectionCut
        return JSONResponse({"ok": True, **answer})

    def _check_token(self, request: Request, method: str) -> None:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        wanted = "xapp-" if method == "apps.connections.open" else "xoxb-"
        if not token:
            raise Refused("not_authed")
        if not token.startswith(wanted):
            raise Refused("invalid_auth")

    def _post(self, params: Params, _request: Request, fault: Fault | None) -> Params:
        check_blocks(params)
        channel = self.workspace.destination(str(params.get("channel", "")))
        ts = f"1700000000.{next(self._numbers):06d}"
        arrived = fault is None or fault.kind is not FaultKind.LOSE
        body = {**params, "channel": channel, "ts": ts, "edits": 0}
        self.keep(to=str(params["channel"]), text=words_of(params), body=body, arrived=arrived)
        return {"channel": channel, "ts": ts, "message": {"text": params.get("text", "")}}

    def _update(self, params: Params, _request: Request, _fault: Fault | None) -> Params:
        check_blocks(params)
        channel = self.workspace.destination(str(params.get("channel", "")))
        found = self._find(channel, str(params.get("ts", "")))
        if found is None:
            raise Refused("message_not_found")
        found.text = words_of(params)
        found.body.update(params, edits=found.body["edits"] + 1, channel=channel)
        return {"channel": channel, "ts": found.body["ts"], "text": params.get("text", "")}

    def _create(self, params: Params, _request: Request, _fault: Fault | None) -> Params:
        made = self.workspace.create(str(params.get("name", "")))
        return {"channel": {"id": made.id, "name": made.name}}

    def _invite(self, params: Params, _request: Request, _fault: Fault | None) -> Params:
        found = self.workspace.invite(str(params.get("channel")), str(params.get("users", "")))
        return {"channel": {"id": found.id, "name": found.name}}

    def _look_up(self, params: Params, _request: Request, _fault: Fault | None) -> Params:
        return {"user": self.workspace.member_by_email(str(params.get("email", "")))}

    def _info(self, params: Params, _request: Request, _fault: Fault | None) -> Params:
        return {"user": self.workspace.member(str(params.get("user", "")))}

    def _auth_test(self, _params: Params, _request: Request, _fault: Fault | None) -> Params:
        return {"url": "https://rehearsal.slack.com/", "user_id": self.workspace.bot}

    def _open_socket(self, _params: Params, request: Request, _fault: Fault | None) -> Params:
        base = str(request.base_url).replace("http", "ws", 1).rstrip("/")
        base = base if base.endswith(f"/{self.name}") else f"{base}/{self.name}"
        return {"url": f"{base}/link?ticket={self.sockets.ticket()}"}

    async def _respond(self, request: Request) -> Response:
        """Take what an app says to one person after a tap or a command."""
        body = json.loads(await request.body())
        self.keep(to=request.path_params["user"], text=words_of(body), body=body)
        return Response("ok")

    # what people do

    async def _set_up(self, request: Request) -> Response:
        self.app = App(**json.loads(await request.body()))
        return JSONResponse({})

    async def _add_member(self, request: Request) -> Response:
        said = json.loads(await request.body())
        name, email = said.get("name", ""), said.get("email", "")
        self.workspace.add_member(said["user"], email=email, name=name)
        return JSONResponse({})

    async def _add_channel(self, request: Request) -> Response:
        said = json.loads(await request.body())
        made = self.workspace.add_channel(said["name"], is_private=said.get("private", False))
        return JSONResponse({"id": made.id})

    async def _archive(self, request: Request) -> Response:
        said = json.loads(await request.body())
        self.workspace.channels[said["channel"]].is_archived = True
        return JSONResponse({})

    async def _tap(self, request: Request) -> Response:
        """Tap a button: {"user", "channel", "ts", "action"}, as its message shows it now."""
        said = json.loads(await request.body())
        found = self._find(said["channel"], said["ts"])
        button = None if found is None else _button(found, said["action"])
        if button is None:
            raise HTTPException(404, "there is no such button")
        payload = {
            "type": "block_actions",
            "user": {"id": said["user"]},
            "trigger_id": f"trigger.{next(self._numbers)}",
            "container": {"type": "message", "message_ts": said["ts"]},
            "channel": {"id": said["channel"]},
            "response_url": self._response_url(request, said["user"]),
            "actions": [{**button, "action_ts": said["ts"]}],
        }
        self.later(self._tell("interactive", payload))
        return JSONResponse({})

    async def _command(self, request: Request) -> Response:
        """Type a command: {"user", "text"}."""
        said = json.loads(await request.body())
        payload = {
            "command": "/evenfall",
            "text": said["text"],
            "user_id": said["user"],
            "trigger_id": f"trigger.{next(self._numbers)}",
            "response_url": self._response_url(request, said["user"]),
        }
        self.later(self._tell("slash_commands", payload))
        return JSONResponse({})

    async def _disconnect(self, request: Request) -> Response:
        said = json.loads(await request.body() or b"{}")
        await self.sockets.disconnect(said.get("reason", "refresh_requested"))
        return JSONResponse({})

    async def _count_sockets(self, _request: Request) -> Response:
        return JSONResponse({"open": len(self.sockets.open), "opened": self.sockets.opened})

    async def _tell(self, kind: str, payload: Params) -> None:
        """Bring the app what somebody did, with whatever goes wrong on the way."""
        fault = self.faults.next(OF_CALLBACKS, text="")
        if fault is not None and fault.kind is FaultKind.REVERSED_CALLBACKS:
            self._held.append(lambda: self._bring(kind, payload, None))
            return
        if fault is not None and fault.kind is FaultKind.LATE_CALLBACK:
            await asyncio.sleep(fault.seconds)
        await self._bring(kind, payload, fault)
        held, self._held = self._held, []
        for bring in held:
            await bring()

    async def _bring(self, kind: str, payload: Params, fault: Fault | None) -> None:
        twice = fault is not None and fault.kind is FaultKind.DUPLICATE_CALLBACK
        spoilt = fault is not None and fault.kind is FaultKind.BAD_SIGNATURE
        url = self.app.interactions_url if kind == "interactive" else self.app.commands_url
        if not url:
            done = await self.sockets.deliver(kind, payload, times=2 if twice else 1)
            self.callbacks.append(("socket", 200 if done else 0))
            return
        body = form_of(kind, payload)
        for _ in range(2 if twice else 1):
            headers = signed(body, self.app, spoilt=spoilt)
            await self.call_back(url, content=body, headers=headers)

    def _response_url(self, request: Request, user: str) -> str:
        host = f"{request.url.scheme}://{request.url.netloc}"
        return f"{host}/{self.name}/response/{user}/{next(self._numbers)}"

    def _find(self, channel: str, ts: str) -> Sent | None:
        for sent in self.sent:
            if sent.body.get("ts") == ts and channel in {sent.body["channel"], sent.to}:
                return sent
        return None


def _button(sent: Sent, action: str) -> Params | None:
    for block in sent.body.get("blocks") or ():
        for element in block.get("elements", ()):
            if element.get("action_id") == action:
                return {name: element[name] for name in ("action_id", "value") if name in element}
    return None


def _refuse(fault: Fault | None) -> None:
    if fault is not None and fault.kind is FaultKind.REFUSE:
        raise Refused(REFUSALS.get(fault.code, "internal_error"))


def _refusal(code: str, **more: object) -> JSONResponse:
    return JSONResponse({"ok": False, "error": code, **more})


async def _params(request: Request) -> Params:
    body = await request.body()
    if request.headers.get("content-type", "").startswith("application/json"):
        found: Params = json.loads(body or b"{}")
        return found
    return dict(parse_qsl(body.decode()))
