"""The page state machine: one explicit table from (status, what happened) to a decision.

Nothing here finds people: a decision names `targets`, and `walk.carry_out` looks them up and goes
on when nobody is found. A decision whose due time equals `now` asks its caller to go on at once,
in the same transaction.

Invariant, held by the table, a property test and a database constraint: a page that is not
mobilised and not closed has a due time.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from evenfall.paging.logic.policy import PolicySpec, TargetSpec
from evenfall.paging.logic.words import (
    AtEnd,
    Reason,
    Response,
    Status,
    TargetKind,
    Trigger,
    Urgency,
)

CATCH_ALL_EVERY = timedelta(minutes=15)
HELP_DELAY = timedelta(minutes=5)
CALL_DELAY = timedelta(minutes=5)
# A low-urgency page moves on after three days: a mail that waits for Monday's working hours must
# be read before the next person gets one, and no weekend is longer.
LOW_URGENCY_PACE = timedelta(days=3)


class PageState(Struct, frozen=True, kw_only=True):
    """Where a page stands. `round` counts from 1; `step` is the index of the step to take next.

    `acknowledged_at` and `mobilised_at` keep the first time each happened (they are what the
    response targets measure). `holder_id` is the person who answered last, `asker_id` the one who
    wants help and is not paged as their own help.
    """

    status: Status = Status.PAGING
    urgency: Urgency = Urgency.HIGH
    severity: str | None = None
    round: int = 1
    step: int = 0
    due_at: datetime | None
    started_at: datetime
    acknowledged_at: datetime | None = None
    mobilised_at: datetime | None = None
    ended_at: datetime | None = None
    holder_id: int | None = None
    asker_id: int | None = None
    stop_reason: str = ""


class Decision(Struct, frozen=True, kw_only=True):
    """The new state and why; `targets` to look for now; whether planned notices are cancelled.

    `round` and `step` say which step was taken or skipped (the state already points behind it).
    """

    reason: Reason
    state: PageState
    targets: tuple[TargetSpec, ...] = ()
    cancels: bool = False
    round: int = 0
    step: int | None = None

    @property
    def due_at(self) -> datetime | None:
        return self.state.due_at


class Happening(Struct, frozen=True, kw_only=True):
    """What happened, to which page, under which policy, by whom and when."""

    state: PageState
    policy: PolicySpec
    now: datetime
    by: int | None = None
    help_targets: tuple[TargetSpec, ...] = ()
    stop_reason: str = ""


def first_state(
    *, urgency: Urgency, severity: str | None, now: datetime, due_at: datetime | None = None
) -> PageState:
    """A page that is due at once, before its first step."""
    return PageState(urgency=urgency, severity=severity, due_at=due_at or now, started_at=now)


def call_person(state: PageState, user_id: int, *, now: datetime) -> Decision:
    """Begin with one person whom a human chose; the policy follows when they do not answer."""
    return Decision(
        reason=Reason.CALLED_BY_NAME,
        state=replace(state, due_at=now + _pace(state, CALL_DELAY)),
        targets=(TargetSpec(kind=TargetKind.USER, id=user_id),),
    )


def advance(state: PageState, policy: PolicySpec, *, now: datetime) -> Decision:
    """Take the step that is due. Before its time, or woken twice, it changes nothing (NOT_DUE)."""
    if state.due_at is None or now < state.due_at:
        return Decision(reason=Reason.NOT_DUE, state=state)
    return _decide(Trigger.DUE, Happening(state=state, policy=policy, now=now))


def respond(
    state: PageState,
    policy: PolicySpec,
    response: Response,
    *,
    by: int | None,
    now: datetime,
    help_targets: tuple[TargetSpec, ...] = (),
) -> Decision:
    """What a human's answer does. Any answer is welcome in any status; a late one is ignored."""
    return _decide(
        response,
        Happening(state=state, policy=policy, now=now, by=by, help_targets=help_targets),
    )


def keep_alive(state: PageState, policy: PolicySpec, *, now: datetime) -> Decision:
    """Somebody wrote a note or an update: an acknowledged page starts its timeout again."""
    return _decide(Trigger.SIGN_OF_LIFE, Happening(state=state, policy=policy, now=now))


def pass_on(state: PageState, policy: PolicySpec, *, to: int, now: datetime) -> Decision:
    """Whoever holds the page handed the duty over to `to`, who is asked first; then the policy."""
    return _decide(Trigger.PASSED_ON, Happening(state=state, policy=policy, now=now, by=to))


def stop(state: PageState, policy: PolicySpec, *, reason: str, now: datetime) -> Decision:
    """The subject went away (resolved, merged); `reason` is kept with the page."""
    return _decide(Trigger.STOP, Happening(state=state, policy=policy, now=now, stop_reason=reason))


def last_resort(state: PageState, policy: PolicySpec, *, now: datetime) -> Decision:
    """Page the catch-all now, and look again soon; the cursor stays where it is."""
    return Decision(
        reason=Reason.CATCH_ALL,
        state=replace(state, due_at=now + _pace(state, CATCH_ALL_EVERY)),
        targets=policy.last_targets,
        round=state.round,
    )


def _decide(trigger: Trigger | Response, it: Happening) -> Decision:
    return TABLE[it.state.status][trigger](it)


def _pace(state: PageState, delay: timedelta) -> timedelta:
    return delay if state.urgency is Urgency.HIGH else max(delay, LOW_URGENCY_PACE)


def _take_step(it: Happening) -> Decision:
    state, policy = it.state, it.policy
    if policy.at_end is AtEnd.CATCH_ALL and state.round > policy.rounds:
        return last_resort(state, policy, now=it.now)
    step = policy.steps[state.step]
    behind = _behind_step(state, policy)
    if not step.meets_severity(state.severity):
        return _skipped(it, behind, Reason.SKIPPED_SEVERITY)
    if not step.meets_time(it.now):
        return _skipped(it, behind, Reason.SKIPPED_TIME)
    return Decision(
        reason=Reason.STEP_TAKEN,
        state=replace(behind, due_at=it.now + _pace(state, step.delay)),
        targets=step.targets,
        round=state.round,
        step=state.step,
    )


def _behind_step(state: PageState, policy: PolicySpec) -> PageState:
    if state.step + 1 < len(policy.steps):
        return replace(state, step=state.step + 1)
    return replace(state, round=state.round + 1, step=0)


def _skipped(it: Happening, behind: PageState, reason: Reason) -> Decision:
    return Decision(
        reason=reason,
        state=replace(behind, due_at=it.now),
        round=it.state.round,
        step=it.state.step,
    )


def _expire(it: Happening) -> Decision:
    """Nothing followed an acknowledgement: page the same person and the policy from its start."""
    holder = it.state.holder_id
    return Decision(
        reason=Reason.ACK_EXPIRED,
        state=replace(
            it.state, status=Status.PAGING, round=1, step=0, due_at=it.now, holder_id=None
        ),
        targets=() if holder is None else (TargetSpec(kind=TargetKind.USER, id=holder),),
    )


def _pass_on(it: Happening) -> Decision:
    """The search begins anew with the person who took over; nobody holds the page meanwhile."""
    state = replace(
        it.state,
        status=Status.PAGING,
        round=1,
        step=0,
        due_at=it.now + _pace(it.state, CALL_DELAY),
        holder_id=None,
    )
    targets = (TargetSpec(kind=TargetKind.USER, id=it.by),)
    return Decision(reason=Reason.TOOK_OVER, state=state, targets=targets)


def _acknowledge(it: Happening) -> Decision:
    state = replace(
        _seen(it),
        status=Status.ACKNOWLEDGED,
        due_at=it.now + _pace(it.state, it.policy.ack_timeout),
    )
    return Decision(reason=Reason.ACKNOWLEDGED, state=state, cancels=True)


def _mobilise(it: Happening) -> Decision:
    state = replace(
        _seen(it),
        status=Status.MOBILISED,
        due_at=None,
        mobilised_at=it.state.mobilised_at or it.now,
    )
    return Decision(reason=Reason.MOBILISED, state=state, cancels=True)


def _seen(it: Happening) -> PageState:
    return replace(
        it.state,
        acknowledged_at=it.state.acknowledged_at or it.now,
        holder_id=it.by,
        asker_id=None,
    )


def _escalate(it: Happening) -> Decision:
    """Move on to the next step at once; whoever was being called is called no longer."""
    state = replace(it.state, status=Status.PAGING, due_at=it.now, holder_id=None)
    return Decision(reason=Reason.ESCALATED, state=state, cancels=True)


def _seek_help(it: Happening) -> Decision:
    """The asker keeps the page and the search goes on, with the lieutenants first."""
    state = replace(_seen(it), status=Status.HELP, due_at=it.now + HELP_DELAY, asker_id=it.by)
    targets = it.help_targets or it.policy.help_targets
    return Decision(reason=Reason.HELP_WANTED, state=state, targets=targets, cancels=True)


def _resolve(it: Happening) -> Decision:
    return _closed(_seen(it), it.now, Status.RESOLVED, Reason.RESOLVED, "resolved")


def _dismiss(it: Happening) -> Decision:
    return _closed(_seen(it), it.now, Status.RESOLVED, Reason.NOT_ACTIONABLE, "not_actionable")


def _stop(it: Happening) -> Decision:
    return _closed(it.state, it.now, Status.STOPPED, Reason.STOPPED, it.stop_reason)


def _closed(
    state: PageState, now: datetime, status: Status, reason: Reason, stop_reason: str
) -> Decision:
    ended = replace(state, status=status, due_at=None, ended_at=now, stop_reason=stop_reason)
    return Decision(reason=reason, state=ended, cancels=True)


def _keep_alive(it: Happening) -> Decision:
    due_at = it.now + _pace(it.state, it.policy.ack_timeout)
    return Decision(reason=Reason.KEPT_ALIVE, state=replace(it.state, due_at=due_at))


def _already_mobilised(it: Happening) -> Decision:
    return Decision(reason=Reason.ALREADY_MOBILISED, state=it.state)


def _already_closed(it: Happening) -> Decision:
    return Decision(reason=Reason.ALREADY_CLOSED, state=it.state)


def _nothing(it: Happening) -> Decision:
    return Decision(reason=Reason.NOTHING_TO_DO, state=it.state)


type Row = Mapping[Trigger | Response, Callable[[Happening], Decision]]

_SEEKING: Row = {
    Trigger.DUE: _take_step,
    Trigger.SIGN_OF_LIFE: _nothing,
    Trigger.PASSED_ON: _nothing,
    Trigger.STOP: _stop,
    Response.ACKNOWLEDGE: _acknowledge,
    Response.ON_IT: _mobilise,
    Response.ESCALATE: _escalate,
    Response.NEED_HELP: _seek_help,
    Response.RESOLVE: _resolve,
    Response.NOT_ACTIONABLE: _dismiss,
}
_CLOSED: Row = dict.fromkeys((*Trigger, *Response), _already_closed)

TABLE: Mapping[Status, Row] = {
    Status.PAGING: _SEEKING,
    Status.HELP: _SEEKING,
    Status.ACKNOWLEDGED: {
        **_SEEKING,
        Trigger.DUE: _expire,
        Trigger.SIGN_OF_LIFE: _keep_alive,
        Trigger.PASSED_ON: _pass_on,
    },
    Status.MOBILISED: {
        **_SEEKING,
        Trigger.DUE: _nothing,
        Trigger.PASSED_ON: _pass_on,
        Response.ACKNOWLEDGE: _already_mobilised,
        Response.ON_IT: _already_mobilised,
    },
    Status.RESOLVED: _CLOSED,
    Status.STOPPED: _CLOSED,
}
