"""Cover and swap requests: which steps there are, who is asked, in which order and how long."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from evenfall.oncall.logic.held import HeldShift

LONGEST_WAIT = timedelta(hours=4)
SHORTEST_WAIT = timedelta(minutes=15)


class RequestKind(StrEnum):
    """cover: "take my shift"; swap: "I take yours, you take mine"."""

    COVER = "cover"
    SWAP = "swap"


class RequestState(StrEnum):
    OPEN = "open"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    OVERTAKEN = "overtaken"
    UNDONE = "undone"


class Step(StrEnum):
    OFFER = "offer"
    ACCEPT = "accept"
    ALL_DECLINED = "all_declined"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    OVERTAKE = "overtake"
    UNDO = "undo"


class Way(StrEnum):
    """Whom to ask: one after the other, everybody at once, or one chosen person."""

    ONE_BY_ONE = "one_by_one"
    EVERYBODY = "everybody"
    PERSON = "person"


class OfferState(StrEnum):
    """lapsed: the time is over and others are asked, but a late yes still counts."""

    ASKED = "asked"
    LAPSED = "lapsed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    CLOSED = "closed"


LIVE = frozenset({RequestState.OPEN, RequestState.OFFERED})
ANSWERABLE = frozenset({OfferState.ASKED, OfferState.LAPSED})
_ENDS = {
    Step.ACCEPT: RequestState.ACCEPTED,
    Step.WITHDRAW: RequestState.WITHDRAWN,
    Step.EXPIRE: RequestState.EXPIRED,
    Step.OVERTAKE: RequestState.OVERTAKEN,
}
TRANSITIONS: dict[tuple[RequestState, Step], RequestState] = {
    (RequestState.OPEN, Step.OFFER): RequestState.OFFERED,
    (RequestState.OFFERED, Step.OFFER): RequestState.OFFERED,
    (RequestState.OFFERED, Step.ALL_DECLINED): RequestState.DECLINED,
    **{(state, step): end for state in sorted(LIVE) for step, end in _ENDS.items()},
    (RequestState.ACCEPTED, Step.UNDO): RequestState.UNDONE,
    (RequestState.ACCEPTED, Step.OVERTAKE): RequestState.OVERTAKEN,
}
"""Every step there is; what is not here does not happen."""


def after(state: RequestState, step: Step) -> RequestState | None:
    """The state after the step; None when the state does not allow it."""
    return TRANSITIONS.get((state, step))


class Candidate(Struct, frozen=True, kw_only=True):
    """Somebody who could take a shift; `on_call_in` names the rotas that have them then."""

    user_id: int
    is_absent: bool = False
    on_call_in: tuple[str, ...] = ()
    is_lieutenant: bool = False

    @property
    def is_free(self) -> bool:
        """Neither absent nor on call, and not the lieutenant, who would leave the shift alone."""
        return not (self.is_absent or self.on_call_in or self.is_lieutenant)


def line(candidates: Iterable[Candidate], order: Sequence[int]) -> list[int]:
    """Who is asked without being named, first come first; `order` is lowest load first."""
    free = {candidate.user_id for candidate in candidates if candidate.is_free}
    return [user_id for user_id in order if user_id in free]


def wait(now: datetime, expires_at: datetime, *, left: int) -> datetime:
    """Until when somebody may think before the next one is asked too; `left` are those behind.

    Near the shift the time that is left is shared out, so that everybody can be asked before it.
    """
    share = (expires_at - now) / (left + 1)
    return min(now + max(min(share, LONGEST_WAIT), SHORTEST_WAIT), expires_at)


def expiry(starts_at: datetime, ends_at: datetime, *, asked_at: datetime) -> datetime:
    """When a yes comes too late: at the start, or for a shift that ran already, at its end."""
    return starts_at if starts_at > asked_at else ends_at


def wanted(
    shift: HeldShift, part_starts_at: datetime | None, part_ends_at: datetime | None
) -> tuple[datetime, datetime] | None:
    """The part of the shift that is asked for; None when nothing of it lies in the shift.

    An edge that was left open goes with the shift; one that was named stays on the clock.
    """
    low = max(part_starts_at or shift.starts_at, shift.starts_at)
    high = min(part_ends_at or shift.ends_at, shift.ends_at)
    return (low, high) if low < high else None
