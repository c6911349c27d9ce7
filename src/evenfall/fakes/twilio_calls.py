"""The calls of the fake Twilio.

A call rings until somebody acts, or its Timeout ends it as no-answer. What happens on the line:

POST /_/twilio/calls/pick-up   {"to": "+49…", "by": "human" | "machine" | "fax" | "unknown"}
POST /_/twilio/calls/press     {"to": "+49…", "key": "4"}
POST /_/twilio/calls/hang-up   {"to": "+49…"}
POST /_/twilio/calls/end       {"to": "+49…", "as": "busy" | "no-answer" | "failed" | "canceled"}

Each is about the newest call to that number and answers with its state and the words said. Faults
are those of the fake as a whole; "lose" is a call that never rings and is never reported.
"""

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl
from xml.etree import ElementTree as ET

import httpx
from msgspec import Struct, field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from evenfall.fakes.faults import Fault, FaultKind
from evenfall.fakes.vendor import ConnectionCut, Sent

if TYPE_CHECKING:
    from evenfall.fakes.twilio import Twilio

RINGING = "ringing"
ON_THE_LINE = "in-progress"
PRICE = "-0.0310"
UNSUCCESSFUL = frozenset({"busy", "no-answer", "failed", "canceled"})
# DetectMessageEnd would say machine_end_beep and its like
ANSWERED_BY = {
    "human": "human",
    "machine": "machine_start",
    "fax": "fax",
    "unknown": "unknown",
}


class Call(Struct, kw_only=True):
    """One call; `action` is where a key goes while the line waits for one."""

    sid: str
    account: str
    form: Mapping[str, str]
    events: Sequence[str]
    fault: Fault | None
    sent: Sent
    state: str = RINGING
    answered_by: str = ""
    action: str = ""
    said: list[str] = field(default_factory=list)
    reports: int = 0

    def described(self) -> dict[str, Any]:
        waits = bool(self.action) and self.state == ON_THE_LINE
        return {"sid": self.sid, "state": self.state, "said": self.said, "waits_for_key": waits}


class Exchange:
    """The telephone lines of one fake."""

    def __init__(self, vendor: "Twilio") -> None:
        self._vendor = vendor
        self._calls: list[Call] = []

    def clear(self) -> None:
        self._calls.clear()

    def routes(self) -> Sequence[BaseRoute]:
        below = "/2010-04-01/Accounts/{account}"
        return [
            Route(f"{below}/Calls.json", self._create, methods=["POST"]),
            Route(f"{below}/Calls/{{sid}}.json", self._resource, methods=["GET"]),
        ]

    def people_routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/calls/pick-up", self._pick_up, methods=["POST"]),
            Route("/calls/press", self._press, methods=["POST"]),
            Route("/calls/hang-up", self._hang_up, methods=["POST"]),
            Route("/calls/end", self._end, methods=["POST"]),
        ]

    # what the vendor does

    async def _create(self, request: Request) -> Response:
        vendor, fault = self._vendor, self._vendor.faults.next(text="")
        if (answer := await vendor.strike(fault)) is not None:
            return answer
        account = vendor.signed_in(request)
        if account is None:
            return vendor.refused(20003)
        fields = parse_qsl((await request.body()).decode(), keep_blank_values=True)
        form = dict(fields)
        if fault is not None and fault.kind is FaultKind.REFUSE:
            return vendor.refused(fault.code or 21217)
        if not form.get("To", "").startswith("+"):
            return vendor.refused(21211)
        events = [value for name, value in fields if name == "StatusCallbackEvent"]
        return await self._ring(account, form, events or ["completed"], fault)

    async def _ring(
        self, account: str, form: dict[str, str], events: Sequence[str], fault: Fault | None
    ) -> Response:
        kind = None if fault is None else fault.kind
        sid = f"CA{secrets.token_hex(16)}"
        is_lost = kind is FaultKind.LOSE
        sent = self._vendor.keep(
            to=form["To"], text="", body={**form, "CallSid": sid}, arrived=not is_lost
        )
        call = Call(sid=sid, account=account, form=form, events=events, fault=fault, sent=sent)
        if not is_lost:
            self._calls.append(call)
            if kind is FaultKind.EARLY_CALLBACK:
                await self._report(call, "initiated")
            elif kind is not FaultKind.REVERSED_CALLBACKS:
                self._vendor.later(self._report(call, "initiated"))
            self._vendor.later(self._ring_out(call))
        if kind is FaultKind.CRASH:
            raise ConnectionCut
        return JSONResponse(_resource(call), status_code=201)

    async def _ring_out(self, call: Call) -> None:
        await asyncio.sleep(float(call.form.get("Timeout", "60")))
        if call.state == RINGING:
            await self._finish(call, "no-answer")

    async def _resource(self, request: Request) -> Response:
        wanted = request.path_params["sid"]
        found = next((call for call in self._calls if call.sid == wanted), None)
        return self._vendor.refused(20404) if found is None else JSONResponse(_resource(found))

    # what people do

    async def _pick_up(self, request: Request) -> Response:
        said = await request.json()
        call = self._newest(str(said["to"]), RINGING)
        call.state = ON_THE_LINE
        if call.form.get("MachineDetection"):
            call.answered_by = ANSWERED_BY[str(said.get("by", "human"))]
        await self._report(call, "answered")
        await self._follow(call, call.form["Url"], {})
        return JSONResponse(call.described())

    async def _press(self, request: Request) -> Response:
        said = await request.json()
        call = self._newest(str(said["to"]), ON_THE_LINE)
        if not call.action:
            raise HTTPException(409, "the call waits for no key")
        call.said.clear()
        await self._follow(call, call.action, {"Digits": str(said["key"]), "msg": "Gather End"})
        return JSONResponse(call.described())

    async def _hang_up(self, request: Request) -> Response:
        call = self._newest(str((await request.json())["to"]), ON_THE_LINE)
        await self._finish(call, "completed")
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
        for call in reversed(self._calls):
            if call.form["To"] == to and call.state == state:
                return call
        raise HTTPException(404, f"no call to {to} is {state}")

    # the line

    async def _follow(self, call: Call, url: str, more: Mapping[str, str]) -> None:
        """Ask for TwiML and do what it says: words, then a key or the end."""
        form = {**_about(call, call.state), **more}
        answer = await self._vendor.report(url, call.account, form, fault=call.fault)
        gather = _gather(call, answer)
        call.sent.text = " ".join(call.said)
        call.action = "" if gather is None else gather.get("action", "")
        if not call.action:
            await self._finish(call, "completed")

    async def _finish(self, call: Call, state: str) -> None:
        call.state = state
        fault = call.fault
        if fault is not None and fault.kind is FaultKind.LATE_CALLBACK:
            self._vendor.later(self._report_late(call, state, fault.seconds))
            return
        await self._report(call, state)
        if fault is not None and fault.kind is FaultKind.REVERSED_CALLBACKS:
            await self._report(call, "initiated")

    async def _report_late(self, call: Call, state: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self._report(call, state)

    async def _report(self, call: Call, state: str) -> None:
        """One status callback, if the event was asked for; every end is a "completed" event."""
        event = "completed" if state in UNSUCCESSFUL else state
        url = call.form.get("StatusCallback", "")
        if not url or event not in call.events:
            return
        form = {
            **_about(call, state),
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(call.reports),
            "Timestamp": format_datetime(datetime.now(UTC)),
        }
        if event == "completed":
            form |= {"CallDuration": "9" if state == "completed" else "0", "Duration": "1"}
        call.reports += 1
        is_doubled = call.fault is not None and call.fault.kind is FaultKind.DUPLICATE_CALLBACK
        for _ in range(2 if is_doubled else 1):
            await self._vendor.report(url, call.account, form, fault=call.fault)


def routes(vendor: "Twilio") -> Sequence[BaseRoute]:
    return vendor.exchange.routes()


def people_routes(vendor: "Twilio") -> Sequence[BaseRoute]:
    return vendor.exchange.people_routes()


def _about(call: Call, state: str) -> dict[str, str]:
    answered = {"AnsweredBy": call.answered_by} if call.answered_by else {}
    return {
        "AccountSid": call.account,
        "ApiVersion": "2010-04-01",
        "CallSid": call.sid,
        "CallStatus": state,
        "Called": call.form["To"],
        "Caller": call.form.get("From", ""),
        "Direction": "outbound-api",
        "From": call.form.get("From", ""),
        "To": call.form["To"],
        **answered,
    }


def _gather(call: Call, answer: httpx.Response | None) -> ET.Element | None:
    """Note what TwiML says, and return where it waits for a key."""
    if answer is None or answer.status_code >= 300 or not answer.content:  # noqa: PLR2004 - HTTP
        call.said.append("We are sorry, an application error has occurred. Goodbye.")
        return None
    document = ET.fromstring(answer.content)  # noqa: S314 - our own installation wrote it
    gather = document.find("Gather")
    spoken = document if gather is None else gather
    call.said.extend(element.text or "" for element in spoken.iter("Say"))
    return gather


def _resource(call: Call) -> dict[str, Any]:
    return {
        "account_sid": call.account,
        "answered_by": call.answered_by or None,
        "api_version": "2010-04-01",
        "direction": "outbound-api",
        "duration": None,
        "from": call.form.get("From"),
        "price": PRICE if call.state == "completed" else None,
        "price_unit": "USD",
        "sid": call.sid,
        "status": "queued" if call.state == RINGING else call.state,
        "to": call.form["To"],
        "uri": f"/2010-04-01/Accounts/{call.account}/Calls/{call.sid}.json",
    }
