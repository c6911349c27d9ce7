"""The calls of the fake Vonage.

A call rings until somebody acts, or its ringing timer ends it as timeout. What happens on the line:

POST /_/vonage/calls/pick-up   {"to": "49…", "by": "human" | "machine"}
POST /_/vonage/calls/press     {"to": "49…", "key": "4"}; without a key the wait for one ends
POST /_/vonage/calls/hang-up   {"to": "49…"}
POST /_/vonage/calls/end       {"to": "49…", "as": "busy" | "unanswered" | "rejected" | "failed" …}

Each is about the newest call to that number and answers with its state and the words said. What
signs needs the key of the account, which a call does not tell: set "api_key" on the dashboard.
"lose" is a call that never rings and is never reported; with "reversed_callbacks" the end of a
call is reported before who picked up.
"""

import asyncio
import base64
import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from evenfall.fakes.faults import Fault, FaultKind
from evenfall.fakes.vendor import ConnectionCut, Sent

if TYPE_CHECKING:
    from evenfall.fakes.vonage import Vonage

RINGING = "ringing"
ON_THE_LINE = "answered"
OVER = "completed"
UNSUCCESSFUL = frozenset({"busy", "cancelled", "failed", "rejected", "timeout", "unanswered"})
LONGEST_TALK = 1500
_TOKEN_PARTS = 3


class Call(Struct, kw_only=True):
    """One call; `left` are the actions of its control object that are still to come."""

    uuid: str
    body: Mapping[str, Any]
    fault: Fault | None
    sent: Sent
    state: str = RINGING
    left: list[dict[str, Any]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    @property
    def to(self) -> str:
        return str(self.body["to"][0]["number"])

    @property
    def conversation(self) -> str:
        return f"CON-{self.uuid}"

    def described(self) -> dict[str, Any]:
        waits = self.state == ON_THE_LINE and bool(self.left)
        return {"uuid": self.uuid, "state": self.state, "said": self.said, "waits_for_key": waits}


class Exchange:
    """The telephone lines of one fake."""

    def __init__(self, vendor: "Vonage") -> None:
        self._vendor = vendor
        self._calls: list[Call] = []

    def clear(self) -> None:
        self._calls.clear()

    def routes(self) -> Sequence[BaseRoute]:
        return [Route("/v1/calls", self._create, methods=["POST"])]

    def people_routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/calls/pick-up", self._pick_up, methods=["POST"]),
            Route("/calls/press", self._press, methods=["POST"]),
            Route("/calls/hang-up", self._hang_up, methods=["POST"]),
            Route("/calls/end", self._end, methods=["POST"]),
        ]

    # what the vendor does

    async def _create(self, request: Request) -> Response:
        fault = self._vendor.faults.next(text="")
        if (answer := await self._vendor.strike(fault)) is not None:
            return answer
        if not _is_signed_in(request):
            return _problem(401, "UNAUTHORIZED", "Unauthorized")
        body = await request.json()
        if fault is not None and fault.kind is FaultKind.REFUSE:
            return _problem(fault.code or 400, "BAD_REQUEST", "Bad Request")
        if (wrong := _flaw(body)) is not None:
            return _problem(400, "BAD_REQUEST", "Bad Request", invalid=wrong)
        return await self._ring(body, fault)

    async def _ring(self, body: dict[str, Any], fault: Fault | None) -> Response:
        kind = None if fault is None else fault.kind
        call_uuid, is_lost = str(uuid.uuid4()), kind is FaultKind.LOSE
        sent = self._vendor.keep(
            to=str(body["to"][0]["number"]),
            text=" ".join(_words(body["ncco"])),
            body={**body, "uuid": call_uuid},
            arrived=not is_lost,
        )
        call = Call(uuid=call_uuid, body=body, fault=fault, sent=sent, left=list(body["ncco"]))
        if not is_lost:
            self._calls.append(call)
            started = self._report(call, "started"), self._report(call, RINGING)
            for report in started:
                if kind is FaultKind.EARLY_CALLBACK:
                    await report
                else:
                    self._vendor.later(report)
            self._vendor.later(self._ring_out(call))
        if kind is FaultKind.CRASH:
            raise ConnectionCut
        answer = {
            "uuid": call.uuid,
            "status": "started",
            "direction": "outbound",
            "conversation_uuid": call.conversation,
        }
        return JSONResponse(answer, status_code=201)

    async def _ring_out(self, call: Call) -> None:
        await asyncio.sleep(float(call.body.get("ringing_timer", 60)))
        if call.state == RINGING:
            await self._finish(call, "timeout")

    # what people do

    async def _pick_up(self, request: Request) -> Response:
        said = await request.json()
        call = self._newest(str(said["to"]), RINGING)
        call.state = ON_THE_LINE
        await self._report(call, "answered")
        detection = str(call.body.get("machine_detection", ""))
        is_machine = said.get("by") == "machine"
        if detection == "hangup" and is_machine:
            await self._leave_machine(call)
        else:
            if detection:
                await self._report(call, "machine" if is_machine else "human")
            await self._speak(call)
        return JSONResponse(call.described())

    async def _leave_machine(self, call: Call) -> None:
        fault = call.fault
        if fault is not None and fault.kind is FaultKind.REVERSED_CALLBACKS:
            await self._finish(call, OVER)
            await self._report(call, "machine")
            return
        await self._report(call, "machine")
        await self._finish(call, OVER)

    async def _press(self, request: Request) -> Response:
        said = await request.json()
        call = self._newest(str(said["to"]), ON_THE_LINE)
        if not call.left:
            raise HTTPException(409, "the call waits for no key")
        wanted, key = call.left.pop(0), str(said.get("key", ""))
        event = {
            "speech": {"results": []},
            "dtmf": {"digits": key, "timed_out": not key},
            **_about(call),
        }
        answer = await self._vendor.report(str(wanted["eventUrl"][0]), event, fault=call.fault)
        if answer is not None and answer.status_code == 200 and answer.content:  # noqa: PLR2004 - HTTP
            call.left = list(answer.json())
        call.said.clear()
        await self._speak(call)
        return JSONResponse(call.described())

    async def _hang_up(self, request: Request) -> Response:
        call = self._newest(str((await request.json())["to"]), ON_THE_LINE)
        await self._finish(call, OVER)
        return JSONResponse(call.described())

    async def _end(self, request: Request) -> Response:
        said = await request.json()
        state = str(said["as"])
        if state not in UNSUCCESSFUL:
            raise HTTPException(422, f"a call ends as one of: {', '.join(sorted(UNSUCCESSFUL))}")
        call = self._newest(str(said["to"]), RINGING)
        await self._finish(call, state)
        return JSONResponse(call.described())

    def _newest(self, to: str, state: str) -> Call:
        number = to.removeprefix("+")
        for call in reversed(self._calls):
            if call.to == number and call.state == state:
                return call
        raise HTTPException(404, f"no call to {to} is {state}")

    # the line

    async def _speak(self, call: Call) -> None:
        """Say what comes before the next wait for a key; without one the call is over."""
        while call.left and call.left[0]["action"] == "talk":
            call.said += _words([call.left.pop(0)])
        if not call.left:
            await self._finish(call, OVER)

    async def _finish(self, call: Call, state: str) -> None:
        call.state = state
        if call.fault is not None and call.fault.kind is FaultKind.LATE_CALLBACK:
            self._vendor.later(self._report_late(call, state, call.fault.seconds))
        else:
            await self._report(call, state)

    async def _report_late(self, call: Call, state: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self._report(call, state)

    async def _report(self, call: Call, state: str) -> None:
        event = {"status": state, "direction": "outbound", **_about(call)}
        if state in {"human", "machine"}:
            event["call_uuid"] = event.pop("uuid")
        if state == OVER:
            now = event["timestamp"]
            event |= {"duration": "9", "rate": "0.0120", "price": "0.0018", "network": "26201"}
            event |= {"start_time": now, "end_time": now}
        is_doubled = call.fault is not None and call.fault.kind is FaultKind.DUPLICATE_CALLBACK
        for _ in range(2 if is_doubled else 1):
            await self._vendor.report(str(call.body["event_url"][0]), event, fault=call.fault)


def routes(vendor: "Vonage") -> Sequence[BaseRoute]:
    return vendor.exchange.routes()


def people_routes(vendor: "Vonage") -> Sequence[BaseRoute]:
    return vendor.exchange.people_routes()


def _is_signed_in(request: Request) -> bool:
    """A token of an application; its signature cannot be checked without the public key."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    parts = token.split(".")
    if scheme != "Bearer" or len(parts) != _TOKEN_PARTS:
        return False
    header, claims = (json.loads(base64.urlsafe_b64decode(f"{part}==")) for part in parts[:2])
    return bool(header["alg"] == "RS256") and {"application_id", "iat", "jti"} <= claims.keys()


def _flaw(body: Mapping[str, Any]) -> str | None:
    """The field that Vonage would refuse, None where all is well."""
    number = str(((body.get("to") or [{}])[0]).get("number", ""))
    if not number.isdecimal():
        return "to"
    if not str((body.get("from") or {}).get("number", "")).isdecimal():
        return "from"
    if any(len(text) > LONGEST_TALK for text in _words(body.get("ncco") or [])):
        return "ncco"
    return None if body.get("ncco") else "ncco"


def _problem(status: int, kind: str, title: str, *, invalid: str = "") -> Response:
    body: dict[str, Any] = {"type": kind, "error_title": title}
    if invalid:
        body["invalid_parameters"] = {invalid: "Is not valid"}
    return JSONResponse(body, status_code=status)


def _words(actions: Sequence[Mapping[str, Any]]) -> list[str]:
    return [
        str(action["text"])
        for action in actions
        for _ in range(int(action.get("loop", 1)))
        if action["action"] == "talk"
    ]


def _about(call: Call) -> dict[str, Any]:
    return {
        "from": str(call.body["from"]["number"]),
        "to": call.to,
        "uuid": call.uuid,
        "conversation_uuid": call.conversation,
        "timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z",
    }
