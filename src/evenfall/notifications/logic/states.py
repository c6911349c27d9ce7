"""The life of a notice, as a table.

planned -> claimed -> sent -> accepted -> delivered | failed | unknown | cancelled

The table is the only place that says which step is allowed. The statements that move many rows
at once ask :func:`sources` which rows they may touch, so SQL and table cannot disagree.
"""

from enum import StrEnum
from types import MappingProxyType
from typing import Final


class NoticeState(StrEnum):
    PLANNED = "planned"  # waits for its due time
    CLAIMED = "claimed"  # a sender has it, the provider has not
    SENT = "sent"  # being handed over: the provider may or may not have it
    ACCEPTED = "accepted"  # the provider said yes
    DELIVERED = "delivered"  # it reached the device or the mailbox
    FAILED = "failed"  # it will not arrive this way
    UNKNOWN = "unknown"  # the sender died while handing over
    CANCELLED = "cancelled"  # nobody needs it any more


class Happening(StrEnum):
    CLAIM = "claim"
    HAND_OVER = "hand_over"
    ACCEPT = "accept"
    DELIVER = "deliver"
    RETRY = "retry"
    FAIL = "fail"
    LEASE_LOST_BEFORE_HAND_OVER = "lease_lost_before_hand_over"
    LEASE_LOST_AFTER_HAND_OVER = "lease_lost_after_hand_over"
    RESEND = "resend"
    CANCEL = "cancel"


_S = NoticeState
_H = Happening

TRANSITIONS: Final = MappingProxyType(
    {
        (_S.PLANNED, _H.CLAIM): _S.CLAIMED,
        (_S.PLANNED, _H.CANCEL): _S.CANCELLED,
        (_S.PLANNED, _H.FAIL): _S.FAILED,
        (_S.CLAIMED, _H.HAND_OVER): _S.SENT,
        (_S.CLAIMED, _H.CANCEL): _S.CANCELLED,
        (_S.CLAIMED, _H.FAIL): _S.FAILED,
        (_S.CLAIMED, _H.LEASE_LOST_BEFORE_HAND_OVER): _S.PLANNED,
        (_S.SENT, _H.ACCEPT): _S.ACCEPTED,
        (_S.SENT, _H.DELIVER): _S.DELIVERED,
        (_S.SENT, _H.RETRY): _S.PLANNED,
        (_S.SENT, _H.FAIL): _S.FAILED,
        (_S.SENT, _H.LEASE_LOST_AFTER_HAND_OVER): _S.UNKNOWN,
        (_S.UNKNOWN, _H.RESEND): _S.PLANNED,
        # The answer of a sender that was thought dead: the provider has the message, so the
        # second copy that waits or is being prepared must not go out.
        (_S.PLANNED, _H.ACCEPT): _S.ACCEPTED,
        (_S.PLANNED, _H.DELIVER): _S.DELIVERED,
        (_S.CLAIMED, _H.ACCEPT): _S.ACCEPTED,
        (_S.CLAIMED, _H.DELIVER): _S.DELIVERED,
        (_S.UNKNOWN, _H.ACCEPT): _S.ACCEPTED,
        (_S.UNKNOWN, _H.DELIVER): _S.DELIVERED,
        # Reports that providers send afterwards: a receipt, or a bounce.
        (_S.ACCEPTED, _H.DELIVER): _S.DELIVERED,
        (_S.ACCEPTED, _H.FAIL): _S.FAILED,
        (_S.ACCEPTED, _H.RETRY): _S.PLANNED,  # such as a line that was busy
    }
)

FINAL: Final = frozenset({_S.DELIVERED, _S.FAILED, _S.CANCELLED})


def next_state(state: NoticeState, happening: Happening) -> NoticeState | None:
    """The state after `happening`, or None when it changes nothing in this state."""
    return TRANSITIONS.get((state, happening))


def sources(happening: Happening) -> frozenset[NoticeState]:
    """The states in which `happening` may occur."""
    return frozenset(state for state, event in TRANSITIONS if event is happening)
