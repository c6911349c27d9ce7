"""A Mattermost server: people, teams, channels, posts with buttons, and a slash command.

Served below ``/api/v4``: users/me, users/username/…, users/email/…, channels/direct, posts (POST
and PUT), teams/name/…, channels and their members. Any token is the bot's. Everybody whose name is
asked for exists, except names that begin with "nobody"; a post with the ``pending_post_id`` of the
last half minute is the one that is there already.

Faults: hang, status (429 with X-Ratelimit-Reset), refuse (`code` is the status: 401, 403, 404),
lose, crash; for taps duplicate_callback, reversed_callbacks (one tap waits for the next),
late_callback, bad_signature (the context is changed on its way).
"""

import asyncio
import json
import time
from collections.abc import Sequence
from typing import Any, override

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from evenfall.fakes.faults import OF_CALLBACKS, OF_REQUESTS, Fault, FaultKind
from evenfall.fakes.mattermost_posts import flaw_of, form_of, id_of, refused, shown, text_of
from evenfall.fakes.vendor import ConnectionCut, Vendor

CREATED = 201
PENDING_S = 30.0
_FOR_TAPS = {
    FaultKind.DUPLICATE_CALLBACK,
    FaultKind.REVERSED_CALLBACKS,
    FaultKind.LATE_CALLBACK,
    FaultKind.BAD_SIGNATURE,
}


class Mattermost(Vendor):
    name = "mattermost"
    faults_known = frozenset(
        {
            FaultKind.HANG,
            FaultKind.STATUS,
            FaultKind.REFUSE,
            FaultKind.LOSE,
            FaultKind.CRASH,
            *_FOR_TAPS,
        }
    )

    def __init__(self) -> None:
        super().__init__()
        self._posts: dict[str, dict[str, Any]] = {}
        self._pending: dict[str, tuple[float, str]] = {}
        self._channels: dict[str, str] = {}  # "team/name" of those that people made, and their ids
        self._gone: set[str] = set()  # names of people who were deactivated
        self._names: dict[str, str] = {}  # of people, by their id
        self._held: list[tuple[str, dict[str, Any]]] = []

    @override
    def routes(self) -> Sequence[BaseRoute]:
        api = "/api/v4"
        return [
            Route(f"{api}/users/me", self._me, methods=["GET"]),
            Route(f"{api}/users/username/{{name}}", self._person, methods=["GET"]),
            Route(f"{api}/users/email/{{name}}", self._person, methods=["GET"]),
            Route(f"{api}/channels/direct", self._direct, methods=["POST"]),
            Route(f"{api}/channels", self._new_channel, methods=["POST"]),
            Route(f"{api}/channels/{{id}}/members", self._member, methods=["POST"]),
            Route(f"{api}/teams/name/{{team}}", self._team, methods=["GET"]),
            Route(f"{api}/teams/name/{{team}}/channels/name/{{name}}", self._channel),
            Route(f"{api}/posts", self._post, methods=["POST"]),
            Route(f"{api}/posts/{{id}}", self._edit, methods=["PUT"]),
        ]

    @override
    def people_routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/tap", self._tap, methods=["POST"]),
            Route("/command", self._command, methods=["POST"]),
            Route("/leave", self._leave, methods=["POST"]),
        ]

    # what a bot calls

    async def _me(self, _request: Request) -> Response:
        return JSONResponse({"id": id_of("bot"), "username": "evenfall", "is_bot": True})

    async def _person(self, request: Request) -> Response:
        name = request.path_params["name"].partition("@")[0]
        if name.startswith("nobody"):
            return refused(404)
        self._names[id_of(f"user {name}")] = name
        deleted = 1_700_000_000_000 if name in self._gone else 0
        return JSONResponse({"id": id_of(f"user {name}"), "username": name, "delete_at": deleted})

    async def _direct(self, request: Request) -> Response:
        two = await request.json()
        name = self._names.get(two[1])
        if name is None:
            return refused(400)
        channel = id_of(f"direct {name}")
        self._names[channel] = f"@{name}"
        return JSONResponse({"id": channel, "type": "D"}, status_code=CREATED)

    async def _team(self, request: Request) -> Response:
        team = request.path_params["team"]
        self._names[id_of(f"team {team}")] = team
        return JSONResponse({"id": id_of(f"team {team}"), "name": team})

    async def _channel(self, request: Request) -> Response:
        name = f"{request.path_params['team']}/{request.path_params['name']}"
        channel = id_of(f"channel {name}")
        self._names[channel] = name
        return JSONResponse({"id": channel, "name": request.path_params["name"], "delete_at": 0})

    async def _new_channel(self, request: Request) -> Response:
        asked = await request.json()
        name = f"{self._names[asked['team_id']]}/{asked['name']}"
        if name in self._channels:
            body = {
                "id": "store.sql_channel.save_channel.exists.app_error",
                "message": "A channel with that name already exists on the same team.",
                "status_code": 400,
            }
            return JSONResponse(body, status_code=400)
        self._channels[name] = id_of(f"channel {name}")
        self._names[self._channels[name]] = name
        return JSONResponse(
            {"id": self._channels[name], "name": asked["name"]}, status_code=CREATED
        )

    async def _member(self, request: Request) -> Response:
        asked = await request.json()
        channel = self._names[request.path_params["id"]]
        self.keep(to=channel, text=f"joined: {self._names[asked['user_id']]}", body=asked)
        return JSONResponse(asked, status_code=CREATED)

    async def _post(self, request: Request) -> Response:
        post = await request.json()
        fault = self.faults.next(OF_REQUESTS, text=text_of(post))
        if (answer := await self._strike(fault)) is not None:
            return answer
        if (answer := flaw_of(post)) is not None:
            return answer
        again = self._recent(post.get("pending_post_id", ""))
        if again is not None:
            return JSONResponse(shown(again), status_code=CREATED)
        number = len(self.sent) + 1
        post = {**post, "id": id_of(f"post {number} {time.monotonic()}"), "edits": []}
        self._posts[post["id"]] = post
        if post.get("pending_post_id"):
            self._pending[post["pending_post_id"]] = (time.monotonic(), post["id"])
        arrived = fault is None or fault.kind is not FaultKind.LOSE
        to = self._names.get(post["channel_id"], post["channel_id"])
        self.keep(to=to, text=text_of(post), body=post, arrived=arrived)
        if fault is not None and fault.kind is FaultKind.CRASH:
            raise ConnectionCut
        return JSONResponse(shown(post), status_code=CREATED)

    async def _edit(self, request: Request) -> Response:
        change = await request.json()
        fault = self.faults.next(OF_REQUESTS, text=text_of(change))
        if (answer := await self._strike(fault)) is not None:
            return answer
        post = self._posts.get(request.path_params["id"])
        if post is None or change.get("id") != request.path_params["id"]:
            return refused(404 if post is None else 400)
        post.update(message=change["message"], props=change["props"])
        post["edits"].append(text_of(post))
        return JSONResponse(shown(post))

    async def _strike(self, fault: Fault | None) -> Response | None:
        if fault is not None and fault.kind is FaultKind.REFUSE:
            return refused(fault.code)
        if fault is not None and fault.kind is FaultKind.STATUS:
            wait = fault.retry_after_s
            headers = {} if wait is None else {"X-Ratelimit-Reset": str(wait)}
            return refused(fault.status, headers)
        return await self.strike(fault)

    def _recent(self, pending: str) -> dict[str, Any] | None:
        at, post = self._pending.get(pending, (0.0, ""))
        return self._posts[post] if post and time.monotonic() - at < PENDING_S else None

    # what people do

    async def _tap(self, request: Request) -> Response:
        """Somebody taps a button: {"user_name", "number" of the post, "label" of the button}."""
        tap = await request.json()
        post = self.sent[int(tap["number"]) - 1].body
        buttons = {
            one["name"]: one
            for attachment in post["props"]["attachments"]
            for one in attachment["actions"]
        }
        if (button := buttons.get(tap["label"])) is None:
            known = ", ".join(buttons) or "none"
            reason = f"no button {tap['label']!r} below {text_of(post)!r}; there are: {known}"
            return JSONResponse({"detail": reason}, status_code=422)
        body = {
            "user_id": id_of(f"user {tap['user_name']}"),
            "user_name": tap["user_name"],
            "channel_id": post["channel_id"],
            "post_id": post["id"],
            "trigger_id": "t",
            "type": "button",
            "context": button["integration"]["context"],
        }
        self._tell(button["integration"]["url"], body)
        return JSONResponse({})

    def _tell(self, url: str, body: dict[str, Any]) -> None:
        fault = self.faults.next(OF_CALLBACKS, text="")
        kind = None if fault is None else fault.kind
        if kind is FaultKind.REVERSED_CALLBACKS:
            self._held.append((url, body))
            return
        if kind is FaultKind.BAD_SIGNATURE:
            body = {**body, "context": {**body["context"], "action": "resolve"}}
        times = 2 if kind is FaultKind.DUPLICATE_CALLBACK else 1
        wait = fault.seconds if fault is not None and kind is FaultKind.LATE_CALLBACK else 0.0
        calls, self._held = [*[(url, body)] * times, *self._held], []
        self.later(self._call_all(calls, wait))

    async def _call_all(self, calls: Sequence[tuple[str, dict[str, Any]]], wait: float) -> None:
        await asyncio.sleep(wait)
        for url, body in calls:
            headers = {"Content-Type": "application/json"}
            answer = await self.call_back(url, content=json.dumps(body).encode(), headers=headers)
            if answer is None or answer.is_error:
                continue
            told = answer.json()
            if "update" in told:
                post = self._posts[body["post_id"]]
                post.update(told["update"])
                post["edits"].append(text_of(post))
            if told.get("ephemeral_text"):
                only = f"only {body['user_name']}"
                self.keep(to=only, text=told["ephemeral_text"], body=told)

    async def _command(self, request: Request) -> Response:
        """Somebody types the command: {"url", "token", "user_name", "text"}."""
        typed = await request.json()
        form = {
            "channel_id": id_of("channel ops/town-square"),
            "command": "/evenfall",
            "text": typed["text"],
            "token": typed["token"],
            "user_id": id_of(f"user {typed['user_name']}"),
            "user_name": typed["user_name"],
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        content = form_of(form)
        answer = await self.call_back(typed["url"], content=content, headers=headers)
        if answer is None or answer.is_error:
            return JSONResponse({"text": ""})
        return JSONResponse(answer.json())

    async def _leave(self, request: Request) -> Response:
        """Somebody is deactivated, or comes back: {"user_name", "back": true}."""
        change = await request.json()
        if change.get("back"):
            self._gone.discard(change["user_name"])
        else:
            self._gone.add(change["user_name"])
        return JSONResponse({})
