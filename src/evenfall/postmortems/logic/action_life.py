"""The life of an action: states, classes with their time, reminders."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct

from evenfall.postmortems.logic.deadlines import working_days_after


class ActionState(StrEnum):
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    VERIFIED = "verified"
    REJECTED = "rejected"
    RISK_ACCEPTED = "risk_accepted"


class ActionStep(StrEnum):
    ACCEPT = "accept"
    START = "start"
    FINISH = "finish"
    VERIFY = "verify"
    REJECT = "reject"
    ACCEPT_RISK = "accept_risk"
    REOPEN = "reopen"


class ActionType(StrEnum):
    PREVENT = "prevent"
    MITIGATE = "mitigate"
    DETECT = "detect"
    RESPOND = "respond"
    DOCUMENT = "document"
    INVESTIGATE = "investigate"


class Effort(StrEnum):
    """What it may cost: up to a day, some days, a week or more."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


class ActionClass(StrEnum):
    P1 = "P1"
    P2 = "P2"
    P3 = "P3"


S, A = ActionState, ActionStep
_WAITING: Final = (S.PROPOSED, S.ACCEPTED, S.IN_PROGRESS)
TRANSITIONS: Final[dict[tuple[ActionState, ActionStep], ActionState]] = {
    (S.PROPOSED, A.ACCEPT): S.ACCEPTED,
    (S.PROPOSED, A.START): S.IN_PROGRESS,
    (S.ACCEPTED, A.START): S.IN_PROGRESS,
    (S.ACCEPTED, A.FINISH): S.DONE,
    (S.IN_PROGRESS, A.FINISH): S.DONE,
    (S.DONE, A.VERIFY): S.VERIFIED,
    **{(state, A.REJECT): S.REJECTED for state in _WAITING},
    **{(state, A.ACCEPT_RISK): S.RISK_ACCEPTED for state in _WAITING},
    **{(s, A.REOPEN): S.IN_PROGRESS for s in (S.DONE, S.VERIFIED, S.REJECTED, S.RISK_ACCEPTED)},
}
WORK: Final = frozenset(_WAITING)
"""Somebody has to do something; the deadline runs."""
SETTLED: Final = frozenset({S.VERIFIED, S.REJECTED, S.RISK_ACCEPTED})
"""Nothing of it is open any more, as far as closing its post-mortem goes."""
WITHIN: Final = {
    ActionClass.P1: timedelta(weeks=2),
    ActionClass.P2: timedelta(weeks=4),
    ActionClass.P3: timedelta(weeks=8),
}
ANSWER_DAYS: Final = 2
"""Working days in which whoever was given an action takes it on, or says why not."""
MOST_EXTENSIONS: Final = 2
AHEAD: Final = timedelta(days=2)
WEEK: Final = timedelta(weeks=1)


class ActionRefusal(StrEnum):
    """Why something cannot be done with an action; the values are shown to people."""

    WRONG_STATE = "it is not possible in this state"
    NO_PROOF = "give a link that proves it, such as a merged change or a dashboard"
    NO_REASON = "say why; people will ask later"
    NO_REVIEW = "an accepted risk needs a date, later than today, to look at it again"
    NOT_MANAGER = "accepting a risk needs a manager of the team"
    OWN_WORK = "somebody else than its owner verifies it"
    TOO_OFTEN = "it was moved twice already; finish it, reject it, or accept the risk"
    NOT_LATER = "the new date must be later than the old one"


class Wish(Struct, frozen=True, kw_only=True):
    """A step with what it may need: a link, a reason, the date to look at a risk again."""

    step: ActionStep
    proof_url: str = ""
    reason: str = ""
    review_at: datetime | None = None


class Asker(Struct, frozen=True, kw_only=True):
    user_id: int | None
    manages: bool = False


def take(
    state: ActionState, wish: Wish, *, owner_id: int, asker: Asker, now: datetime
) -> ActionState | ActionRefusal:
    """The state after a step, or why it is not possible."""
    after = TRANSITIONS.get((state, wish.step))
    if after is None:
        return ActionRefusal.WRONG_STATE
    return _obstacle(wish, owner_id, asker, now) or after


def _obstacle(wish: Wish, owner_id: int, asker: Asker, now: datetime) -> ActionRefusal | None:
    needs_reason = wish.step in {A.REJECT, A.ACCEPT_RISK, A.REOPEN}
    if needs_reason and not wish.reason.strip():
        return ActionRefusal.NO_REASON
    if wish.step is A.FINISH and not wish.proof_url:
        return ActionRefusal.NO_PROOF
    if wish.step is A.VERIFY and asker.user_id == owner_id:
        return ActionRefusal.OWN_WORK
    if wish.step is A.ACCEPT_RISK:
        return _risk_obstacle(wish, asker, now)
    return None


def _risk_obstacle(wish: Wish, asker: Asker, now: datetime) -> ActionRefusal | None:
    if not asker.manages:
        return ActionRefusal.NOT_MANAGER
    if wish.review_at is None or wish.review_at <= now:
        return ActionRefusal.NO_REVIEW
    return None


def extension(
    state: ActionState, due: datetime, wanted: datetime, *, extensions: int, reason: str
) -> ActionRefusal | None:
    """Why a deadline cannot be moved; None when it can."""
    if state not in WORK:
        return ActionRefusal.WRONG_STATE
    if extensions >= MOST_EXTENSIONS:
        return ActionRefusal.TOO_OFTEN
    if not reason.strip():
        return ActionRefusal.NO_REASON
    return ActionRefusal.NOT_LATER if wanted <= due else None


def answer_by(created_at: datetime) -> datetime:
    """Until when a proposed action is accepted, or turned down."""
    return working_days_after(created_at, ANSWER_DAYS)


def next_reminder(due: datetime, after: datetime, *, answer_by: datetime | None = None) -> datetime:
    """The first reminder later than `after`: two days ahead, at the date, then every week.

    `answer_by` is one more, for an action that nobody accepted yet.
    """
    moments = [due - AHEAD, due] if answer_by is None else [answer_by, due - AHEAD, due]
    for moment in sorted(moments):
        if after < moment:
            return moment
    return due + ((after - due) // WEEK + 1) * WEEK


def is_escalation(due: datetime, at: datetime) -> bool:
    """Whether those who lead the team are told too: each time after the date."""
    return at > due


def possible(state: ActionState) -> tuple[ActionStep, ...]:
    return tuple(step for step in ActionStep if (state, step) in TRANSITIONS)
