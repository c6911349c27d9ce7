"""Pushover: messages, validation of users, receipts, callbacks and cancelling by tag.

Any token and user key of 30 letters and digits are accepted; a key that begins with "x" is of
nobody. A reader acknowledges with ``POST /_/pushover/acknowledge {"user": …}``: the newest urgent
message to them stops ringing and its callback is called.

Faults: hang, status, refuse (`code` 1: the user is unknown, 2: the token, 429: the month's messages
are used up), lose, crash, duplicate_callback, late_callback, bad_signature (a callback about a
message that nobody acknowledged).
"""

import asyncio
import secrets
import string
import time
from collections.abc import Sequence
from typing import Any, override
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from evenfall.fakes.faults import Fault, FaultKind
from evenfall.fakes.vendor import ConnectionCut, Vendor

KEY_LENGTH = 30
SHORTEST_RETRY_S, LONGEST_EXPIRE_S = 30, 10_800
MOST_CHARACTERS = 1024
EMERGENCY = "2"
BAD_USER, BAD_TOKEN, MONTH_IS_FULL = 1, 2, 429
_CALLBACK_FAULTS = (
    FaultKind.DUPLICATE_CALLBACK,
    FaultKind.LATE_CALLBACK,
    FaultKind.BAD_SIGNATURE,
)


class Pushover(Vendor):
    """One Pushover. `receipts` are the urgent messages by their receipt."""

    name = "pushover"
    faults_known = frozenset(
        {
            FaultKind.HANG,
            FaultKind.STATUS,
            FaultKind.REFUSE,
            FaultKind.LOSE,
            FaultKind.CRASH,
            *_CALLBACK_FAULTS,
        }
    )

    def __init__(self) -> None:
        super().__init__()
        self.receipts: dict[str, dict[str, Any]] = {}

    @override
    def clear(self) -> None:
        super().clear()
        self.receipts.clear()

    @override
    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/1/messages.json", self._message, methods=["POST"]),
            Route("/1/users/validate.json", self._validate, methods=["POST"]),
            Route("/1/receipts/cancel_by_tag/{tag}.json", self._cancel, methods=["POST"]),
            Route("/1/receipts/{receipt}.json", self._receipt, methods=["GET"]),
        ]

    @override
    def people_routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/acknowledge", self._acknowledge, methods=["POST"]),
            Route("/ringing", self._ringing, methods=["GET"]),
        ]

    # what the vendor does

    async def _message(self, request: Request) -> Response:
        form = await _form(request)
        fault = self.faults.next(text="\n".join((form.get("title", ""), form.get("message", ""))))
        if (answer := await self.strike(fault)) is not None:
            return answer
        if (refusal := _refusal(form, fault)) is not None:
            return refusal
        arrives = fault is None or fault.kind is not FaultKind.LOSE
        text = "\n".join((form.get("title", ""), form["message"]))
        self.keep(to=form["user"], text=text, body=dict(form), arrived=arrives)
        told = {"status": 1, "request": secrets.token_hex(16)}
        if form.get("priority") == EMERGENCY:
            told["receipt"] = self._ring(form, fault)
        if fault is not None and fault.kind is FaultKind.CRASH:
            raise ConnectionCut
        return JSONResponse(told)

    def _ring(self, form: dict[str, str], fault: Fault | None) -> str:
        """A fault of the callback is kept for when its reader acknowledges."""
        letters = string.ascii_letters + string.digits
        receipt = "".join(secrets.choice(letters) for _ in range(KEY_LENGTH))
        now = int(time.time())
        self.receipts[receipt] = {
            "user": form["user"],
            "tags": form.get("tags", ""),
            "callback": form.get("callback", ""),
            "acknowledged_at": 0,
            "last_delivered_at": 0 if fault and fault.kind is FaultKind.LOSE else now,
            "fault": fault,
            "expires_at": now + int(form["expire"]),
            "is_cancelled": False,
        }
        return receipt

    async def _validate(self, request: Request) -> Response:
        form = await _form(request)
        if not _is_known(form.get("user", "")):
            return _refused("user", "user key is invalid")
        told = {"status": 1, "group": 0, "devices": ["phone"], "licenses": ["Android"]}
        return JSONResponse({**told, "request": secrets.token_hex(16)})

    async def _receipt(self, request: Request) -> Response:
        known = self.receipts.get(request.path_params["receipt"])
        if known is None:
            return _refused("receipt", "receipt not found; may be invalid or expired")
        at = known["acknowledged_at"]
        return JSONResponse(
            {
                "status": 1,
                "acknowledged": int(at > 0),
                "acknowledged_at": at,
                "acknowledged_by": known["user"] if at else "",
                "acknowledged_by_device": "phone" if at else "",
                "last_delivered_at": known["last_delivered_at"],
                "expired": 0,
                "expires_at": known["expires_at"],
                "called_back": int(at > 0),
                "called_back_at": at,
                "request": secrets.token_hex(16),
            }
        )

    async def _cancel(self, request: Request) -> Response:
        tag = request.path_params["tag"]
        found = [one for one in self._all_ringing() if tag in one["tags"].split(",")]
        for one in found:
            one["is_cancelled"] = True
        told = {"status": 1, "canceled": len(found), "request": secrets.token_hex(16)}
        return JSONResponse(told)

    def _all_ringing(self) -> list[dict[str, Any]]:
        return [
            one
            for one in self.receipts.values()
            if not one["acknowledged_at"] and not one["is_cancelled"]
        ]

    # what a reader does

    async def _acknowledge(self, request: Request) -> Response:
        user = (await request.json())["user"]
        receipt, about = [
            (receipt, about)
            for receipt, about in self.receipts.items()
            if about["user"] == user and not about["is_cancelled"]
        ][-1]
        fault = about["fault"]
        if fault is None or fault.kind is not FaultKind.BAD_SIGNATURE:
            about["acknowledged_at"] = int(time.time())
        self.later(self._tell(receipt, about, fault))
        return JSONResponse({"receipt": receipt})

    async def _ringing(self, _request: Request) -> Response:
        shown = [{"user": one["user"], "tags": one["tags"]} for one in self._all_ringing()]
        return JSONResponse(shown)

    async def _tell(self, receipt: str, about: dict[str, Any], fault: Fault | None) -> None:
        if fault is not None and fault.kind is FaultKind.LATE_CALLBACK:
            await asyncio.sleep(fault.seconds)
        form = {
            "receipt": receipt,
            "acknowledged": "1",
            "acknowledged_at": str(about["acknowledged_at"]),
            "acknowledged_by": about["user"],
            "acknowledged_by_device": "phone",
        }
        twice = fault is not None and fault.kind is FaultKind.DUPLICATE_CALLBACK
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        for _ in range(1 + twice):
            await self.call_back(
                about["callback"], content=urlencode(form).encode(), headers=headers
            )


async def _form(request: Request) -> dict[str, str]:
    return dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))


def _is_known(key: str) -> bool:
    return len(key) == KEY_LENGTH and key.isalnum() and not key.startswith("x")


def _refusal(form: dict[str, str], fault: Fault | None) -> Response | None:
    code = fault.code if fault is not None and fault.kind is FaultKind.REFUSE else 0
    if code == MONTH_IS_FULL:
        return _refused("", "application is over its quota", status=MONTH_IS_FULL)
    if len(form.get("token", "")) != KEY_LENGTH or code == BAD_TOKEN:
        return _refused("token", "application token is invalid")
    if not _is_known(form.get("user", "")) or code == BAD_USER:
        return _refused("user", "user identifier is not a valid user, group, or subscribed key")
    return _malformed(form)


def _malformed(form: dict[str, str]) -> Response | None:
    if not 0 < len(form.get("message", "")) <= MOST_CHARACTERS:
        return _refused("message", "message is blank or too long")
    if form.get("priority") != EMERGENCY:
        return None
    retry, expire = int(form.get("retry", 0)), int(form.get("expire", 0))
    if retry < SHORTEST_RETRY_S or not 0 < expire <= LONGEST_EXPIRE_S:
        return _refused("retry", "retry and expire are required for emergency-priority")
    return None


def _refused(field: str, words: str, *, status: int = 400) -> Response:
    told: dict[str, Any] = {field: "invalid"} if field else {}
    told |= {"errors": [words], "status": 0, "request": secrets.token_hex(16)}
    return JSONResponse(told, status_code=status)
