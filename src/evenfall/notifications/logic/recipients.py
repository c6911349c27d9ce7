"""Which of a person's contact methods of one kind a notice goes to."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from evenfall.notifications.logic.retrying import Urgency

RINGING: Final = frozenset({"voice"})
MAY_RING: Final = frozenset({"page", "test", "verify"})


class Known(Struct, frozen=True, kw_only=True):
    """A contact method that works: verified and not broken."""

    contact_method_id: int
    is_primary: bool


def chosen(known: Sequence[Known], *, urgency: Urgency) -> tuple[int, ...]:
    """High urgency goes everywhere; low urgency to the primary one, or everywhere without one.

    Nobody needs three copies of a reminder, but a page must find the phone that is at hand.
    """
    primary = tuple(way.contact_method_id for way in known if way.is_primary)
    if urgency is Urgency.LOW and primary:
        return primary
    return tuple(way.contact_method_id for way in known)


def is_too_loud(kind: str, *, purpose: str, urgency: Urgency) -> bool:
    """Whether a notice would ring a telephone for something that can wait.

    A page of low urgency calls only people whose own rules ask for it; a test and a code are
    wished for. All else that is not urgent waits in the inbox and on the quieter channels.
    """
    return kind in RINGING and urgency is Urgency.LOW and purpose not in MAY_RING
