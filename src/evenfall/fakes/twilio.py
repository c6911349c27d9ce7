"""Twilio's REST API of 2010-04-01: text messages (here) and calls (``twilio_calls``).

Any account and token are accepted; the token last used signs what comes back. A text message gives
the status callbacks queued, sent and delivered. A reader's STOP is remembered, as Twilio does: the
next message is refused with error 21610 until START.

Faults: hang, status, refuse (`code` is Twilio's: 20003, 20429, 21211, 21610, 21614 …), lose (with
a `code` such as 30003: undelivered, without: no word after "sent"), crash, duplicate_callback,
reversed_callbacks, late_callback, early_callback, bad_signature.
"""

import asyncio
import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, override
from urllib.parse import parse_qsl, urlencode
from xml.etree import ElementTree as ET

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from evenfall.fakes import twilio_calls
from evenfall.fakes.faults import Fault, FaultKind
from evenfall.fakes.vendor import ConnectionCut, Vendor

UNSUBSCRIBED = 21610
STOP_WORDS = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit"})
START_WORDS = frozenset({"start", "yes", "unstop"})
PRICE = "-0.0750"
_WORDS = {
    20003: "Authenticate",
    20429: "Too Many Requests",
    21211: "The 'To' number is not a valid phone number.",
    UNSUBSCRIBED: "Attempt to send to unsubscribed recipient",
    21614: "'To' number is not a valid mobile number",
}
_STATUS = {20003: 401, 20429: 429}


class Twilio(Vendor):
    """One Twilio with as many accounts as are used."""

    name = "twilio"
    faults_known = frozenset(FaultKind)

    def __init__(self) -> None:
        super().__init__()
        self.tokens: dict[str, str] = {}  # account -> token
        self.sms_url = ""  # what the console says about incoming text messages
        self.resources: dict[str, dict[str, Any]] = {}  # messages by their sid
        self._stopped: set[str] = set()
        self.exchange = twilio_calls.Exchange(self)

    @override
    def clear(self) -> None:
        super().clear()
        self.exchange.clear()
        self._stopped.clear()
        self.resources.clear()

    @override
    def routes(self) -> Sequence[BaseRoute]:
        below = "/2010-04-01/Accounts/{account}"
        return [
            Route(f"{below}/Messages.json", self._message, methods=["POST"]),
            Route(f"{below}/Messages/{{sid}}.json", self._resource, methods=["GET"]),
            *twilio_calls.routes(self),
        ]

    @override
    def people_routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/console", self._console, methods=["POST"]),
            Route("/reply", self._reply, methods=["POST"]),
            *twilio_calls.people_routes(self),
        ]

    # what the vendor does

    def signed_in(self, request: Request) -> str | None:
        """The account of a request, None for one without its credentials."""
        scheme, _, pair = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return None
        account, _, token = base64.b64decode(pair).decode().partition(":")
        if account != request.path_params["account"] or not token:
            return None
        self.tokens[account] = token
        return account

    def refused(self, code: int) -> Response:
        """An error of Twilio's, in its own form."""
        status = _STATUS.get(code, 400)
        body = {
            "code": code,
            "message": _WORDS.get(code, f"Error {code}"),
            "more_info": f"https://www.twilio.com/docs/errors/{code}",
            "status": status,
        }
        return JSONResponse(body, status_code=status)

    async def report(
        self, url: str, account: str, form: Mapping[str, str], *, fault: Fault | None = None
    ) -> httpx.Response | None:
        """One request of Twilio's to an installation, signed with the account's token."""
        token = self.tokens.get(account, "")
        if fault is not None and fault.kind is FaultKind.BAD_SIGNATURE:
            token = f"not {token}"
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Twilio-Signature": signature(url, form, token),
            "I-Twilio-Idempotency-Token": secrets.token_hex(16),
        }
        return await self.call_back(url, content=urlencode(form).encode(), headers=headers)

    async def _message(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
        fault = self.faults.next(text=form.get("Body", ""))
        if (answer := await self.strike(fault)) is not None:
            return answer
        account = self.signed_in(request)
        if account is None:
            return self.refused(20003)
        if (code := self._refusal(form, fault)) is not None:
            return self.refused(code)
        return await self._take(account, form, fault)

    def _refusal(self, form: Mapping[str, str], fault: Fault | None) -> int | None:
        if fault is not None and fault.kind is FaultKind.REFUSE:
            return fault.code or 21211
        if not form.get("To", "").startswith("+"):
            return 21211
        return UNSUBSCRIBED if form["To"] in self._stopped else None

    async def _take(self, account: str, form: dict[str, str], fault: Fault | None) -> Response:
        kind = None if fault is None else fault.kind
        sid = f"SM{secrets.token_hex(16)}"
        is_lost = kind is FaultKind.LOSE
        self.keep(to=form["To"], text=form.get("Body", ""), body=form, arrived=not is_lost)
        self.resources[sid] = _resource(sid, account, form)
        if url := form.get("StatusCallback"):
            reporting = self._report_states(url, account, sid, form, fault)
            if kind is FaultKind.EARLY_CALLBACK:
                await reporting
            else:
                self.later(reporting)
        if kind is FaultKind.CRASH:
            raise ConnectionCut
        return JSONResponse(self.resources[sid], status_code=201)

    async def _report_states(
        self, url: str, account: str, sid: str, form: Mapping[str, str], fault: Fault | None
    ) -> None:
        if fault is not None and fault.kind is FaultKind.LATE_CALLBACK:
            await asyncio.sleep(fault.seconds)
        for state, code in _states(fault):
            self.resources[sid]["status"] = state
            report = {
                "AccountSid": account,
                "ApiVersion": "2010-04-01",
                "From": form.get("From", ""),
                "MessageSid": sid,
                "MessageStatus": state,
                "SmsSid": sid,
                "SmsStatus": state,
                "To": form["To"],
                **({"ErrorCode": str(code)} if code else {}),
            }
            await self.report(url, account, report, fault=fault)
        self.resources[sid] |= {"price": PRICE, "price_unit": "USD"}

    async def _resource(self, request: Request) -> Response:
        found = self.resources.get(request.path_params["sid"])
        return self.refused(20404) if found is None else JSONResponse(found)

    # what people do

    async def _console(self, request: Request) -> Response:
        """What a customer sets in the console: {"sms_url": …}."""
        self.sms_url = str((await request.json())["sms_url"])
        return JSONResponse({})

    async def _reply(self, request: Request) -> Response:
        """A reader writes: {"from": "+49…", "text": "12 ack"}; answers come as new messages."""
        said = await request.json()
        reader, text = str(said["from"]), str(said["text"])
        account, sender = self._who_wrote(reader, str(said.get("to", "")))
        self._remember_wish(reader, text)
        sid = f"SM{secrets.token_hex(16)}"
        form = {
            "AccountSid": account,
            "ApiVersion": "2010-04-01",
            "Body": text,
            "From": reader,
            "MessageSid": sid,
            "NumMedia": "0",
            "NumSegments": "1",
            "SmsMessageSid": sid,
            "SmsSid": sid,
            "SmsStatus": "received",
            "To": sender,
        }
        answer = await self.report(self.sms_url, account, form)
        for words in _messages_in(answer):
            self.keep(to=reader, text=words, body={"From": sender, "TwiML": "Message"})
        return JSONResponse({"status": 0 if answer is None else answer.status_code})

    def _who_wrote(self, reader: str, to: str) -> tuple[str, str]:
        account = next(reversed(self.tokens), "")
        last = next((one for one in reversed(self.sent) if one.to == reader), None)
        return account, to or (str(last.body.get("From", "")) if last else "")

    def _remember_wish(self, reader: str, text: str) -> None:
        word = text.strip().lower()
        if word in STOP_WORDS:
            self._stopped.add(reader)
        elif word in START_WORDS:
            self._stopped.discard(reader)


def signature(url: str, form: Mapping[str, str], token: str) -> str:
    """As documented: HMAC-SHA1 over the address and the form ordered by name."""
    signed = url + "".join(f"{name}{form[name]}" for name in sorted(form))
    digest = hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def _states(fault: Fault | None) -> list[tuple[str, int]]:
    """The reports of one message with their error codes, in the order in which they leave."""
    if fault is not None and fault.kind is FaultKind.LOSE:
        lost = [("undelivered", fault.code)] if fault.code else []
        return [("queued", 0), ("sent", 0), *lost]
    usual = [("queued", 0), ("sent", 0), ("delivered", 0)]
    if fault is not None and fault.kind is FaultKind.REVERSED_CALLBACKS:
        return usual[::-1]
    if fault is not None and fault.kind is FaultKind.DUPLICATE_CALLBACK:
        return [one for one in usual for _ in range(2)]
    return usual


def _resource(sid: str, account: str, form: Mapping[str, str]) -> dict[str, Any]:
    now = format_datetime(datetime.now(UTC))
    return {
        "account_sid": account,
        "api_version": "2010-04-01",
        "body": form.get("Body", ""),
        "date_created": now,
        "date_sent": None,
        "date_updated": now,
        "direction": "outbound-api",
        "error_code": None,
        "error_message": None,
        "from": form.get("From"),
        "messaging_service_sid": form.get("MessagingServiceSid"),
        "num_media": "0",
        "num_segments": "1",
        "price": None,
        "price_unit": "USD",
        "sid": sid,
        "status": "queued",
        "to": form["To"],
        "uri": f"/2010-04-01/Accounts/{account}/Messages/{sid}.json",
    }


def _messages_in(answer: httpx.Response | None) -> list[str]:
    """The texts that a TwiML answer asks to send."""
    if answer is None or answer.status_code >= 300 or not answer.content:  # noqa: PLR2004 - HTTP
        return []
    document = ET.fromstring(answer.content)  # noqa: S314 - our own installation wrote it
    return [element.text or "" for element in document.iter("Message")]
