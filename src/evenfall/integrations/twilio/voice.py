"""Calls over Twilio: out, and what Twilio reports about them.

Twilio listens first whether a machine picked up, then asks us what to say. A machine hears nothing
and counts as not delivered.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.urls import reverse

from evenfall.integrations.twilio import client
from evenfall.notifications.adapters.telephony import caller_of
from evenfall.notifications.ports import Accepted, Account, Message, Receipt

RING_S: Final = 35  # well below the shortest step of a policy, and the usual voice mail
LONGEST_CALL_S: Final = 240
DETECTION_S: Final = 10
SILENCE_MS: Final = 3000  # who picks up and says nothing is a person
BUSY_WAIT: Final = timedelta(seconds=20)
MOST_CALLS: Final = 2  # of one notice, where the first did not get through
_MACHINES: Final = ("machine", "fax")
_UNDER_WAY: Final = frozenset({"queued", "initiated", "ringing", "in-progress", "answered"})
_LOST: Final[Mapping[str, str]] = {
    "busy": "the line was busy",
    "no-answer": "nobody picked up",
    "failed": "the call could not be connected",
    "canceled": "the call was ended before somebody picked up",
}
_AGAIN: Final[Mapping[str, timedelta]] = {"busy": BUSY_WAIT, "failed": timedelta(0)}


async def send(message: Message, account: Account) -> Accepted:
    """Start a call. Raises ChannelError."""
    form: dict[str, str | Sequence[str]] = {
        "To": message.address,
        "From": caller_of(message, account),
        "Url": callback("twilio:voice_answered", message, account),
        "Method": "POST",
        "StatusCallback": callback("twilio:voice_status", message, account),
        "StatusCallbackMethod": "POST",
        "StatusCallbackEvent": ["initiated", "completed"],
        "Timeout": str(RING_S),
        "TimeLimit": str(LONGEST_CALL_S),
        "MachineDetection": "Enable",
        "MachineDetectionTimeout": str(DETECTION_S),
        "MachineDetectionSilenceTimeout": str(SILENCE_MS),
    }
    answer = await client.post(account, "Calls.json", form)
    return Accepted(provider_id=str(answer.get("sid", "")))


def callback(name: str, message: Message, account: Account) -> str:
    """Where Twilio asks or tells about this try of this notice."""
    return address(name, notice_id=message.notice_id, attempt=message.attempt, account=account)


def address(name: str, *, notice_id: int, attempt: int, account: Account) -> str:
    path = reverse(name, args=[account.id])
    return f"{settings.EVENFALL.public_url}{path}?notice={notice_id}&attempt={attempt}"


def receipt_of(
    form: Mapping[str, Any], *, notice_id: int, attempt: int, account: Account
) -> Receipt | None:
    """What a request about a call says of its delivery; None for a word that we do not know."""
    state = str(form.get("CallStatus", ""))
    reason = "answered by a machine" if is_machine(form) else _LOST.get(state, "")
    if not reason and state not in _UNDER_WAY | {"completed"}:
        return None
    return Receipt(
        notice_id=notice_id,
        attempt=attempt,
        delivered=False if reason else (True if state == "completed" else None),
        is_taken=state in _UNDER_WAY,
        provider_id=str(form.get("CallSid", "")),
        via=account.name,
        reason=reason,
        try_again_after=_AGAIN.get(state) if attempt < MOST_CALLS else None,
    )


def is_machine(form: Mapping[str, Any]) -> bool:
    """Whether voice mail or a fax picked up; a doubt counts as a person."""
    return str(form.get("AnsweredBy", "")).startswith(_MACHINES)
