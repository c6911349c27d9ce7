"""Vonage: the Messages API for text messages (here), the Voice API for calls (``vonage_calls``).

Any key and secret are accepted. What comes back is signed with a secret that is set as in the
dashboard (``POST /_/vonage/dashboard``); it is "rehearsal" at first. A text message gives the
status reports submitted and delivered, each with its price. A reader's STOP is remembered: the next
message is refused with error 1240 until START.

Faults: hang, status, refuse (`code` is Vonage's: 1020, 1050, 1170, 1240 …, 401 and 429 for
themselves), lose (with a `code`: undeliverable, without: no word after "submitted"), crash,
duplicate_callback, reversed_callbacks, late_callback, early_callback, bad_signature.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import secrets
import time
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, override

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from evenfall.fakes import vonage_calls
from evenfall.fakes.faults import Fault, FaultKind
from evenfall.fakes.vendor import ConnectionCut, Vendor

UNSUBSCRIBED = 1240
REHEARSAL = "rehearsal"  # what signs until the dashboard says otherwise
PRICE = {"currency": "EUR", "price": "0.0740"}
_ERRORS = "https://developer.vonage.com/api-errors/messages"
_WORDS = {
    401: ("Unauthorized", "You did not provide correct credentials."),
    429: ("Rate Limit Hit", "Please wait, then retry your request"),
    1020: ("Invalid params", "The value of one or more parameters is invalid."),
    1170: ("Invalid or Missing Msisdn Param", "The number is not valid."),
    UNSUBSCRIBED: ("Illegal Number", "The recipient has opted out."),
}
_STATUS = {401: 401, 429: 429}


class Vonage(Vendor):
    """One Vonage with as many accounts as are used."""

    name = "vonage"
    faults_known = frozenset(FaultKind)

    def __init__(self) -> None:
        super().__init__()
        self.api_key = ""  # of the account last used
        self.signature_secret = REHEARSAL
        self.inbound_url = ""
        self.status_url = ""
        self.clock_ahead_s = 0.0  # for an installation whose clock was moved
        self._stopped: set[str] = set()
        self.exchange = vonage_calls.Exchange(self)

    @override
    def clear(self) -> None:
        super().clear()
        self.exchange.clear()
        self._stopped.clear()

    @override
    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/v1/messages", self._message, methods=["POST"]),
            *vonage_calls.routes(self),
        ]

    @override
    def people_routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/dashboard", self._dashboard, methods=["POST"]),
            Route("/reply", self._reply, methods=["POST"]),
            *vonage_calls.people_routes(self),
        ]

    # what the vendor does

    def refused(self, code: int) -> Response:
        """An error of the Messages API, as problem details."""
        title, detail = _WORDS.get(code, (f"Error {code}", "See the list of errors."))
        status = _STATUS.get(code, 422)
        body = {
            "type": f"{_ERRORS}#{code}",
            "title": title,
            "detail": detail,
            "instance": str(uuid.uuid4()),
        }
        return JSONResponse(body, status_code=status)

    async def report(
        self, url: str, body: Mapping[str, Any], *, fault: Fault | None = None
    ) -> httpx.Response | None:
        """One request of Vonage's to an installation, with its signed token."""
        content = json.dumps(body).encode()
        secret = self.signature_secret
        if fault is not None and fault.kind is FaultKind.BAD_SIGNATURE:
            secret = f"not {secret}"
        at = time.time() + self.clock_ahead_s
        token = signed_token(content, api_key=self.api_key, secret=secret, at=at)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        return await self.call_back(url, content=content, headers=headers)

    async def _message(self, request: Request) -> Response:
        body = await request.json()
        fault = self.faults.next(text=str(body.get("text", "")))
        if (answer := await self.strike(fault)) is not None:
            return answer
        if not self._is_signed_in(request):
            return self.refused(401)
        if (code := self._refusal(body, fault)) is not None:
            return self.refused(code)
        return await self._take(body, fault)

    def _is_signed_in(self, request: Request) -> bool:
        scheme, _, pair = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return scheme.lower() == "bearer"
        key, _, secret = base64.b64decode(pair).decode().partition(":")
        self.api_key = key
        return bool(key and secret)

    def _refusal(self, body: Mapping[str, Any], fault: Fault | None) -> int | None:
        if fault is not None and fault.kind is FaultKind.REFUSE:
            return fault.code or 1020
        wanted = ("channel", "message_type", "to", "from", "text")
        if any(not body.get(name) for name in wanted) or not str(body["to"]).isdecimal():
            return 1020
        return UNSUBSCRIBED if body["to"] in self._stopped else None

    async def _take(self, body: dict[str, Any], fault: Fault | None) -> Response:
        kind = None if fault is None else fault.kind
        message_uuid = str(uuid.uuid4())
        self.keep(to=body["to"], text=body["text"], body=body, arrived=kind is not FaultKind.LOSE)
        if url := body.get("webhook_url") or self.status_url:
            reporting = self._report_states(str(url), message_uuid, body, fault)
            if kind is FaultKind.EARLY_CALLBACK:
                await reporting
            else:
                self.later(reporting)
        if kind is FaultKind.CRASH:
            raise ConnectionCut
        return JSONResponse({"message_uuid": message_uuid}, status_code=202)

    async def _report_states(
        self, url: str, message_uuid: str, body: Mapping[str, Any], fault: Fault | None
    ) -> None:
        if fault is not None and fault.kind is FaultKind.LATE_CALLBACK:
            await asyncio.sleep(fault.seconds)
        for state, code in _states(fault):
            report: dict[str, Any] = {
                "message_uuid": message_uuid,
                "to": body["to"],
                "from": body["from"],
                "timestamp": _now(),
                "status": state,
                "channel": "sms",
                "usage": PRICE,
                "destination": {"network_code": "12345"},
                "sms": {"count_total": "1"},
            }
            if "client_ref" in body:
                report["client_ref"] = body["client_ref"]
            if code:
                title, detail = str(code), _WORDS.get(code, ("", f"Error {code}"))[1]
                report["error"] = {
                    "type": f"{_ERRORS}#{code}",
                    "title": title,
                    "detail": detail,
                    "instance": message_uuid,
                }
            await self.report(url, report, fault=fault)

    # what people do

    async def _dashboard(self, request: Request) -> Response:
        """What a customer has or sets: {"api_key": …, "signature_secret": …, "inbound_url": …, …}.

        "clock_ahead_s" is for rehearsals: how far the installation's clock is ahead.
        """
        said = await request.json()
        self.api_key = str(said.get("api_key", self.api_key))
        self.signature_secret = str(said.get("signature_secret", self.signature_secret))
        self.inbound_url = str(said.get("inbound_url", self.inbound_url))
        self.status_url = str(said.get("status_url", self.status_url))
        self.clock_ahead_s = float(said.get("clock_ahead_s", self.clock_ahead_s))
        return JSONResponse({})

    async def _reply(self, request: Request) -> Response:
        """A reader writes: {"from": "49…", "text": "12 ack"}."""
        said = await request.json()
        reader, text = str(said["from"]).removeprefix("+"), str(said["text"])
        last = next((one for one in reversed(self.sent) if one.to == reader), None)
        self._remember_wish(reader, text)
        body = {
            "channel": "sms",
            "message_uuid": str(uuid.uuid4()),
            "to": str(last.body.get("from", "")) if last else "",
            "from": reader,
            "timestamp": _now(),
            "message_type": "text",
            "text": text,
            "sms": {"num_messages": "1", "keyword": text.partition(" ")[0].upper()},
            "usage": PRICE,
            "origin": {"network_code": "12345"},
        }
        answer = await self.report(self.inbound_url, body)
        return JSONResponse({"status": 0 if answer is None else answer.status_code})

    def _remember_wish(self, reader: str, text: str) -> None:
        word = text.strip().lower()
        if word == "stop":
            self._stopped.add(reader)
        elif word == "start":
            self._stopped.discard(reader)


def signed_token(content: bytes, *, api_key: str, secret: str, at: float) -> str:
    """The token of a signed web hook: HS256 over header and claims, with the hash of the body."""
    claims = {
        "iat": int(at),
        "jti": secrets.token_hex(8),
        "iss": "Vonage",
        "payload_hash": hashlib.sha256(content).hexdigest(),
        "api_key": api_key,
    }
    signed = f"{_part({'alg': 'HS256', 'typ': 'JWT'})}.{_part(claims)}"
    digest = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


def _part(value: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _states(fault: Fault | None) -> list[tuple[str, int]]:
    """The reports of one message with their error codes, in the order in which they leave."""
    if fault is not None and fault.kind is FaultKind.LOSE:
        return [("submitted", 0), *([("undeliverable", fault.code)] if fault.code else [])]
    usual = [("submitted", 0), ("delivered", 0)]
    if fault is not None and fault.kind is FaultKind.REVERSED_CALLBACKS:
        return usual[::-1]
    if fault is not None and fault.kind is FaultKind.DUPLICATE_CALLBACK:
        return [one for one in usual for _ in range(2)]
    return usual
