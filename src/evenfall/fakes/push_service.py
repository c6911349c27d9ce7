"""A push service as in RFC 8030, 8291 and 8292: what browsers subscribe at.

A browser subscribes with ``POST /_/push/subscribe {"key": <application server key>}`` and gets its
endpoint; the test keeps the keys that decrypt. Nothing is decrypted here. What is checked: the
VAPID token (signature, audience, end, and that its key is the one of the subscription), TTL,
Urgency, Topic, the encoding and the size. ``POST /_/push/expire {"id": …}`` ends a subscription:
410 from then on; an endpoint that never was is 404. A newer message replaces one with the same
Topic for a device that is off (``POST /_/push/switch {"id": …, "on": false}``).

A subscription without a key is an endpoint of UnifiedPush: it answers GET with what it is, and
takes messages without VAPID, encrypted or not.

Faults: hang, status, lose, crash.
"""

import base64
import json
import re
import secrets
import time
from collections.abc import Sequence
from typing import override

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from evenfall.fakes.faults import FaultKind
from evenfall.fakes.vendor import ConnectionCut, Vendor

MOST_BYTES = 4096
LONGEST_TOKEN_S = 86_400
URGENCIES = frozenset({"very-low", "low", "normal", "high"})
_TOPIC = re.compile(r"[-_A-Za-z0-9]{0,32}")
_TOLD = ("ttl", "urgency", "topic", "content-encoding")
_HEADER = 16 + 4 + 1  # RFC 8188: salt, record size, length of the key id


class Subscription(Struct, kw_only=True):
    key: str
    is_on: bool = True
    is_gone: bool = False


class PushService(Vendor):
    """One push service. `clock_ahead_s` is for an installation whose clock was moved."""

    name = "push"
    faults_known = frozenset({FaultKind.HANG, FaultKind.STATUS, FaultKind.LOSE, FaultKind.CRASH})

    def __init__(self) -> None:
        super().__init__()
        self.subscriptions: dict[str, Subscription] = {}
        self.clock_ahead_s = 0.0

    @override
    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/wp/{name}", self._push, methods=["POST"]),
            Route("/wp/{name}", self._discover, methods=["GET"]),
        ]

    @override
    def people_routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/subscribe", self._subscribe, methods=["POST"]),
            Route("/expire", self._expire, methods=["POST"]),
            Route("/switch", self._switch, methods=["POST"]),
            Route("/clock", self._clock, methods=["POST"]),
        ]

    # what the vendor does

    async def _push(self, request: Request) -> Response:
        content = await request.body()
        fault = self.faults.next(text=_readable(request, content))
        if (answer := await self.strike(fault)) is not None:
            return answer
        name = request.path_params["name"]
        known = self.subscriptions.get(name)
        if known is None or known.is_gone:
            return _refused(404 if known is None else 410, "no such subscription")
        if (refusal := self._refusal(request, known, content)) is not None:
            return refusal
        topic = request.headers.get("topic", "")
        if topic and not known.is_on:
            self.sent = [one for one in self.sent if (one.to, one.body["topic"]) != (name, topic)]
        self._keep(request, name, content, arrived=fault is None or fault.kind != FaultKind.LOSE)
        if fault is not None and fault.kind is FaultKind.CRASH:
            raise ConnectionCut
        headers = {"Location": f"/m/{secrets.token_urlsafe(12)}", "TTL": request.headers["ttl"]}
        return Response(status_code=201, headers=headers)

    async def _discover(self, request: Request) -> Response:
        known = self.subscriptions.get(request.path_params["name"])
        if known is None or known.key:
            return _refused(404, "not an endpoint of UnifiedPush")
        return JSONResponse({"unifiedpush": {"version": 1}})

    def _keep(self, request: Request, name: str, content: bytes, *, arrived: bool) -> None:
        told = {key: request.headers.get(key, "") for key in _TOLD}
        raw = {"payload": base64.b64encode(content).decode()}
        text = _readable(request, content)
        self.keep(to=name, text=text, body={**told, **raw}, arrived=arrived)

    def _refusal(self, request: Request, known: Subscription, content: bytes) -> Response | None:
        headers = request.headers
        if not headers.get("ttl", "").isdecimal():
            return _refused(400, "TTL is missing")
        if headers.get("urgency", "normal") not in URGENCIES:
            return _refused(400, "unknown Urgency")
        if not _TOPIC.fullmatch(headers.get("topic", "")):
            return _refused(400, "malformed Topic")
        if len(content) > MOST_BYTES:
            return _refused(413, "payload too large")
        return self._unproved(request, known, content) if known.key else None

    def _unproved(self, request: Request, known: Subscription, content: bytes) -> Response | None:
        """What only browsers ask for: a payload that is hidden, from a sender that is known."""
        is_hidden = request.headers.get("content-encoding") == "aes128gcm"
        if not is_hidden or len(content) <= _HEADER:
            return _refused(400, "not aes128gcm")
        return self._vapid(request, known)

    def _vapid(self, request: Request, known: Subscription) -> Response | None:
        """RFC 8292: 401 without a token, 403 for one that is wrong."""
        scheme, _, rest = request.headers.get("authorization", "").partition(" ")
        parts = dict(part.strip().partition("=")[::2] for part in rest.split(","))
        if scheme.lower() != "vapid" or not {"t", "k"} <= parts.keys():
            return _refused(401, "VAPID is missing")
        if parts["k"].rstrip("=") != known.key.rstrip("="):
            return _refused(403, "the key is not the one of the subscription")
        claims = _claims(parts["t"], parts["k"])
        now = time.time() + self.clock_ahead_s
        origin = _origin(request)
        if claims is None or claims.get("aud") != origin:
            return _refused(403, f"bad signature, or not for {origin}")
        if not now < float(str(claims.get("exp", 0))) <= now + LONGEST_TOKEN_S:
            return _refused(403, "expired, or valid for more than a day")
        return None

    # what a browser does

    async def _subscribe(self, request: Request) -> Response:
        name = secrets.token_urlsafe(12)
        self.subscriptions[name] = Subscription(key=(await request.json()).get("key", ""))
        return JSONResponse({"id": name, "endpoint": f"{_origin(request)}/push/wp/{name}"})

    async def _expire(self, request: Request) -> Response:
        self.subscriptions[(await request.json())["id"]].is_gone = True
        return JSONResponse({})

    async def _switch(self, request: Request) -> Response:
        wish = await request.json()
        self.subscriptions[wish["id"]].is_on = bool(wish["on"])
        return JSONResponse({})

    async def _clock(self, request: Request) -> Response:
        self.clock_ahead_s = float((await request.json())["ahead_s"])
        return JSONResponse({})


def _readable(request: Request, content: bytes) -> str:
    """What the service can read of a message: only its urgency where the message is encrypted."""
    if request.headers.get("content-encoding") == "aes128gcm":
        return request.headers.get("urgency", "")
    return content.decode("utf-8", "replace")


def _origin(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}"


def _refused(status: int, reason: str) -> Response:
    return JSONResponse({"errno": status, "message": reason}, status_code=status)


def _claims(token: str, key: str) -> dict[str, object] | None:
    """What a token says, None where its signature (ES256) is not of this key."""
    try:
        signed, _, signature = token.rpartition(".")
        raw = _bytes(signature)
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(key))
        both = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
        public.verify(both, signed.encode(), ec.ECDSA(SHA256()))
        claims: dict[str, object] = json.loads(_bytes(signed.partition(".")[2]))
    except (ValueError, InvalidSignature):
        return None
    return claims


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
