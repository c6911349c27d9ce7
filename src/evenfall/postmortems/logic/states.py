"""The life of a post-mortem as one table, and what each step asks for."""

from enum import StrEnum
from typing import Final

from msgspec import Struct

from evenfall.incidents.ports import Sev


class State(StrEnum):
    NOT_REQUIRED = "not_required"
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    PUBLISHED = "published"
    CLOSED = "closed"


class Step(StrEnum):
    """What people do with a post-mortem; `WAIVE` says with a reason that none is needed."""

    WAIVE = "waive"
    REQUIRE = "require"
    SUBMIT = "submit"
    SEND_BACK = "send_back"
    APPROVE = "approve"
    PUBLISH = "publish"
    CLOSE = "close"
    REOPEN = "reopen"


TRANSITIONS: Final[dict[tuple[State, Step], State]] = {
    (State.DRAFT, Step.WAIVE): State.NOT_REQUIRED,
    (State.NOT_REQUIRED, Step.REQUIRE): State.DRAFT,
    (State.DRAFT, Step.SUBMIT): State.IN_REVIEW,
    (State.IN_REVIEW, Step.SEND_BACK): State.DRAFT,
    (State.IN_REVIEW, Step.APPROVE): State.APPROVED,
    (State.APPROVED, Step.PUBLISH): State.PUBLISHED,
    (State.PUBLISHED, Step.CLOSE): State.CLOSED,
    (State.APPROVED, Step.REOPEN): State.DRAFT,
    (State.PUBLISHED, Step.REOPEN): State.DRAFT,
    (State.CLOSED, Step.REOPEN): State.DRAFT,
}
EDITABLE: Final = frozenset({State.DRAFT, State.IN_REVIEW})
"""States in which the text may change; later it is reopened first."""
UNFINISHED: Final = frozenset({State.DRAFT, State.IN_REVIEW, State.APPROVED})
"""States in which the clock to the publication runs."""
SHARED: Final = frozenset({State.PUBLISHED, State.CLOSED})
"""States in which others than those who write it may rely on it."""


class Refusal(StrEnum):
    """Why a step is not possible; the values are shown to people."""

    WRONG_STATE = "it is not possible in this state"
    NO_OWNER = "it has no owner; name one first"
    NO_REVIEWER = "at least one reviewer must be somebody who did not work on the incident"
    OWN_WORK = "its owner cannot approve it; ask a reviewer"
    NOT_REVIEWER = "only a reviewer or a manager of the team can approve it"
    NEEDS_MANAGER = "one about a critical incident is approved by a manager of the team"
    OPEN_ACTIONS = "an action is still open; finish it, or reject it with a reason"
    NO_REASON = "say why; people will ask later"


class Standing(Struct, frozen=True, kw_only=True):
    """What a decision about a step reads.

    `responder_ids` worked on the incident; `open_actions` are neither verified nor turned down.
    """

    state: State
    severity: Sev
    owner_id: int | None
    reviewer_ids: frozenset[int] = frozenset()
    responder_ids: frozenset[int] = frozenset()
    open_actions: int = 0


class Doer(Struct, frozen=True, kw_only=True):
    """Who takes the step; `user_id` is None for nobody in particular."""

    user_id: int | None
    manages: bool = False


def take(standing: Standing, step: Step, doer: Doer, reason: str = "") -> State | Refusal:
    """The state after a step, or why it is not possible."""
    after = TRANSITIONS.get((standing.state, step))
    if after is None:
        return Refusal.WRONG_STATE
    return _obstacle(standing, step, doer, reason) or after


def possible(state: State) -> tuple[Step, ...]:
    """The steps that a state has, in the order of their life."""
    return tuple(step for step in Step if (state, step) in TRANSITIONS)


def _obstacle(standing: Standing, step: Step, doer: Doer, reason: str) -> Refusal | None:
    if step in {Step.WAIVE, Step.SEND_BACK, Step.REOPEN} and not reason.strip():
        return Refusal.NO_REASON
    if step is Step.SUBMIT:
        return _unready(standing)
    if step is Step.APPROVE:
        return _unfit(standing, doer)
    if step is Step.CLOSE and standing.open_actions:
        return Refusal.OPEN_ACTIONS
    return None


def _unready(standing: Standing) -> Refusal | None:
    if standing.owner_id is None:
        return Refusal.NO_OWNER
    fresh_eyes = standing.reviewer_ids - standing.responder_ids - {standing.owner_id}
    return None if fresh_eyes else Refusal.NO_REVIEWER


def _unfit(standing: Standing, doer: Doer) -> Refusal | None:
    if doer.user_id == standing.owner_id:
        return Refusal.OWN_WORK
    if standing.severity.is_major and not doer.manages:
        return Refusal.NEEDS_MANAGER
    if doer.user_id not in standing.reviewer_ids and not doer.manages:
        return Refusal.NOT_REVIEWER
    return None
