"""Calls over Vonage: out, and what Vonage reports about them.

The words travel with the request, so they are heard even while we cannot be reached. Vonage listens
whether a machine picked up, hangs up on one, and says so: only "human", or a key, is proof that a
person heard.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from msgspec import Struct

from evenfall.integrations.vonage import client, tokens
from evenfall.integrations.vonage.ncco import ncco
from evenfall.notifications.adapters.telephony import caller_of
from evenfall.notifications.ports import Accepted, Account, ChannelError, Message, Receipt
from evenfall.notifications.ports.speech import announcement_of
from evenfall.platform.clock import utc_now
from evenfall.platform.crypto import BadSignature, sign, unsign

RING_S: Final = 35  # well below the shortest step of a policy, and the usual voice mail
LONGEST_CALL_S: Final = 240
BUSY_WAIT: Final = timedelta(seconds=20)
MOST_CALLS: Final = 2  # of one notice, where the first did not get through
REPORTS_COME_WITHIN: Final = timedelta(days=1)
_PURPOSE: Final = "vonage-call"
_CURRENCY: Final = "EUR"
_UNDER_WAY: Final = frozenset({"started", "ringing", "answered", "completed"})
_LOST: Final[Mapping[str, str]] = {
    "machine": "answered by a machine",
    "busy": "the line was busy",
    "timeout": "nobody picked up",
    "unanswered": "nobody picked up, or the call was declined",
    "rejected": "Vonage did not connect the call",
    "failed": "the call could not be connected",
    "cancelled": "the call was ended before somebody picked up",
}
_AGAIN: Final[Mapping[str, timedelta]] = {
    "busy": BUSY_WAIT,
    "rejected": timedelta(0),
    "failed": timedelta(0),
}


class Try(Struct, frozen=True, kw_only=True):
    """Which try of which notice a call is, over which account."""

    account_id: int
    notice_id: int
    attempt: int


async def send(message: Message, account: Account) -> Accepted:
    """Start a call. Raises ChannelError."""
    now = utc_now()
    made = Try(account_id=account.id, notice_id=message.notice_id, attempt=message.attempt)
    body = {
        "to": [{"type": "phone", "number": message.address.removeprefix("+")}],
        "from": {"type": "phone", "number": caller_of(message, account).removeprefix("+")},
        "ncco": ncco(
            announcement_of(message, now=now), key_url=address("vonage:voice_key", made, now=now)
        ),
        "event_url": [address("vonage:voice_event", made, now=now)],
        "event_method": "POST",
        "machine_detection": "hangup",
        "ringing_timer": RING_S,
        "length_timer": LONGEST_CALL_S,
    }
    authorization = _authorization(account, now)
    answer = await client.post(account, "/v1/calls", body, authorization=authorization)
    return Accepted(provider_id=str(answer.get("uuid", "")))


def address(name: str, made: Try, *, now: datetime) -> str:
    """Where Vonage reports of this try. Its signature does not cover addresses, so we sign them."""
    token = sign(
        [made.account_id, made.notice_id, made.attempt],
        purpose=_PURPOSE,
        now=now,
        valid_for=REPORTS_COME_WITHIN,
    )
    return f"{settings.EVENFALL.public_url}{reverse(name, args=[made.account_id, token])}"


def read_try(token: str, *, account: Account, now: datetime) -> Try | None:
    """The try in an address that we made for this account; None for any other."""
    try:
        account_id, notice_id, attempt = unsign(token, purpose=_PURPOSE, now=now)
    except BadSignature:
        return None
    if account_id != account.id:
        return None
    return Try(account_id=account_id, notice_id=notice_id, attempt=attempt)


def receipt_of(event: Mapping[str, Any], made: Try, *, account: Account) -> Receipt | None:
    """What an event of a call says of its delivery; None for a word that we do not know."""
    state = str(event.get("status", ""))
    if state not in _UNDER_WAY | _LOST.keys() | {"human"}:
        return None
    cost = _price(event)
    return Receipt(
        notice_id=made.notice_id,
        attempt=made.attempt,
        delivered=False if state in _LOST else (True if state == "human" else None),
        is_taken=state in _UNDER_WAY,
        provider_id=call_id(event),
        via=account.name,
        reason=_LOST.get(state, ""),
        try_again_after=_AGAIN.get(state) if made.attempt < MOST_CALLS else None,
        cost=cost,
        currency="" if cost is None else _CURRENCY,
    )


def call_id(event: Mapping[str, Any]) -> str:
    return str(event.get("uuid") or event.get("call_uuid") or "")


def key_of(event: Mapping[str, Any]) -> str:
    """The key that was pressed, "" for none; it comes in an object, and in older calls as text."""
    dtmf = event.get("dtmf")
    digits = dtmf.get("digits") if isinstance(dtmf, Mapping) else dtmf
    return str(digits or "")[:1]


def _price(event: Mapping[str, Any]) -> Decimal | None:
    try:
        price = Decimal(str(event.get("price") or "none"))
    except InvalidOperation:
        return None
    return price if price.is_finite() and price >= 0 else None


def _authorization(account: Account, now: datetime) -> str:
    values = account.values
    if not values["application_id"]:
        raise ChannelError("the account names no application for calls", permanent=True)
    try:
        return tokens.bearer(values["application_id"], values["private_key"], now=now)
    except tokens.KeyUnreadableError as error:
        raise ChannelError("the private key of the application is none", permanent=True) from error
