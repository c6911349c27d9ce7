"""Text messages over Twilio: out, and what Twilio reports about them."""

from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.urls import reverse

from evenfall.integrations.twilio import client
from evenfall.integrations.twilio.prices import price_of
from evenfall.notifications.adapters.telephony import sender_of
from evenfall.notifications.ports import Accepted, Account, Message, Receipt
from evenfall.notifications.ports.phones import is_number
from evenfall.notifications.ports.texts import text_of

SERVICE: Final = "MG"  # how the id of a messaging service begins
_ARRIVED: Final = frozenset({"delivered", "read"})
_ON_THE_WAY: Final = frozenset({"accepted", "scheduled", "queued", "sending", "sent"})
_LOST: Final = frozenset({"undelivered", "failed", "canceled"})
_REASONS: Final[Mapping[int, str]] = {
    30001: "Twilio's queue is full",
    30002: "the account at Twilio is suspended",
    30003: "the telephone is off or cannot be reached",
    30004: "the telephone or its network refuses the message",
    30005: "nobody has this number, or the telephone is off",
    30006: "a landline, or a network that takes no text messages",
    30007: "the network took it for unwanted mail",
    30008: "the network does not say why",
    30034: "the sender is not registered for the United States",
    client.UNSUBSCRIBED: "its owner sent STOP; START brings it back",
}


async def send(message: Message, account: Account) -> Accepted:
    """Hand a text message over. Raises ChannelError."""
    sender = sender_of(message, account)
    is_service = sender.startswith(SERVICE)
    form = {
        "To": message.address,
        "Body": text_of(message, takes_replies=is_service or is_number(sender)),
        "MessagingServiceSid" if is_service else "From": sender,
        "StatusCallback": _callback(message, account),
    }
    answer = await client.post(account, "Messages.json", form)
    price = price_of(answer)
    return Accepted(
        provider_id=str(answer.get("sid", "")),
        cost=None if price is None else price.cost,
        currency="" if price is None else price.currency,
    )


def receipt_of(
    form: Mapping[str, Any], *, notice_id: int, attempt: int, account: Account
) -> Receipt | None:
    """What a status callback says; None for a word that we do not know."""
    state = str(form.get("MessageStatus", ""))
    if state not in _ARRIVED | _LOST | _ON_THE_WAY:
        return None
    code = client.number(form.get("ErrorCode"))
    return Receipt(
        notice_id=notice_id,
        attempt=attempt,
        delivered=None if state in _ON_THE_WAY else state in _ARRIVED,
        is_taken=state in _ON_THE_WAY,
        provider_id=str(form.get("MessageSid", "")),
        via=account.name,
        reason=_reason(state, code) if state in _LOST else "",
        address_dead=state in _LOST and code in client.DEAD,
    )


def _reason(state: str, code: int) -> str:
    words = _REASONS.get(code, f"Twilio reports {state}")
    return f"{words} (error {code})" if code else words


def _callback(message: Message, account: Account) -> str:
    path = reverse("twilio:sms_status", args=[account.id])
    query = f"notice={message.notice_id}&attempt={message.attempt}"
    return f"{settings.EVENFALL.public_url}{path}?{query}"
