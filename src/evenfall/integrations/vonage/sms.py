"""Text messages over Vonage's Messages API: out, and what Vonage reports about them."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.conf import settings
from django.urls import reverse

from evenfall.integrations.vonage import client
from evenfall.notifications.adapters.telephony import sender_of
from evenfall.notifications.ports import Accepted, Account, Message, Receipt
from evenfall.notifications.ports.phones import is_number
from evenfall.notifications.ports.texts import is_gsm, text_of

_ARRIVED: Final = frozenset({"delivered", "read"})
_LOST: Final = frozenset({"rejected", "undeliverable"})


async def send(message: Message, account: Account) -> Accepted:
    """Hand a text message over. Raises ChannelError."""
    sender = sender_of(message, account)
    text = text_of(message, takes_replies=is_number(sender))
    body = {
        "channel": "sms",
        "message_type": "text",
        "to": message.address.removeprefix("+"),
        "from": sender.removeprefix("+"),
        "text": text,
        "client_ref": reference(message),
        "sms": {"encoding_type": "text" if is_gsm(text) else "unicode"},
        "webhook_version": "v1",
        "webhook_url": _callback(account),
    }
    answer = await client.post(account, "/v1/messages", body)
    return Accepted(provider_id=str(answer.get("message_uuid", "")))


def receipt_of(report: Mapping[str, Any], *, account: Account) -> Receipt | None:
    """What a status report says; None for one that is not about a notice."""
    about = read_reference(report.get("client_ref"))
    if about is None:
        return None
    state = str(report.get("status", ""))
    error = report.get("error")
    problem = error if isinstance(error, dict) else {}
    cost, currency = _price(report)
    return Receipt(
        notice_id=about[0],
        attempt=about[1],
        delivered=_delivered(state),
        is_taken=state == "submitted",
        via=account.name,
        provider_id=str(report.get("message_uuid", "")),
        reason=_reason(state, problem) if state in _LOST else "",
        address_dead=state in _LOST and client.code_of(problem) in client.DEAD,
        cost=cost,
        currency=currency,
    )


def reference(message: Message) -> str:
    """The notice and the try, in the one field that comes back with every report."""
    return f"{message.idempotency_key}/{message.attempt}"


def read_reference(text: object) -> tuple[int, int] | None:
    """(notice, attempt) of a reference; None for any other text."""
    notice, _, attempt = str(text or "").removeprefix("notice-").partition("/")
    if not (notice.isascii() and notice.isdecimal() and attempt.isascii() and attempt.isdecimal()):
        return None
    return int(notice[:18]), int(attempt[:4])


def _delivered(state: str) -> bool | None:
    if state in _ARRIVED:
        return True
    return False if state in _LOST else None


def _reason(state: str, problem: Mapping[str, Any]) -> str:
    code = client.code_of(problem)
    words = str(problem.get("detail") or f"Vonage reports {state}")
    return f"{words} (error {code})" if code else words


def _price(report: Mapping[str, Any]) -> tuple[Decimal | None, str]:
    usage = report.get("usage")
    if not isinstance(usage, dict) or usage.get("price") in {None, ""}:
        return None, ""
    try:
        cost = Decimal(str(usage["price"]))
    except InvalidOperation:
        return None, ""
    is_sane = cost.is_finite() and cost >= 0
    return (cost, str(usage.get("currency", ""))[:3].upper()) if is_sane else (None, "")


def _callback(account: Account) -> str:
    return settings.EVENFALL.public_url + reverse("vonage:sms_status", args=[account.id])
